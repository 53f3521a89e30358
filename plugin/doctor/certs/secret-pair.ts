import { signedBy, type Certificate } from '../../../shared/cert/certificate.ts';
import { verifyChain } from '../../../shared/cert/chain.ts';
import { plainTime } from '../../../shared/cert/life.ts';
import type { Finding } from '../finding.ts';
import type { Holder } from './holder.ts';
import { about } from './judge-certificate.ts';
import { nameOf } from './words.ts';

/** What is wrong between a leaf and the CAs that are handed out with it. */
export function judgePair(
  leaf: Certificate,
  intermediates: readonly Certificate[],
  published: { readonly roots: readonly Certificate[]; readonly where: string } | undefined,
  holder: Holder,
  now: Date,
): Finding[] {
  const issuer = [...(published?.roots ?? []), ...intermediates].find((ca) => signedBy(leaf, ca));
  const early = issuer !== undefined && issuer.fingerprint !== leaf.fingerprint && issuer.notAfter < leaf.notAfter;
  const findings: Finding[] = [];
  // Once the CA has ended, its own date says so.
  if (early && issuer.notAfter > now.getTime())
    findings.push(
      about('cert-ca-before-leaf', leaf, holder, now, { ca: nameOf(issuer), caExpires: plainTime(issuer.notAfter) }),
    );
  if (published !== undefined && published.roots.length > 0) {
    const trust = verifyChain(leaf, intermediates, published.roots, now);
    // ca.crt may as well be there to check clients by, so a mismatch alone proves no outage.
    if (!trust.trusted && trust.why === 'unknown-authority')
      findings.push({
        ...about('cert-not-signed-by-ca', leaf, holder, now, { caWhere: published.where }, 'warning'),
        confidence: trust.sameName === undefined ? 'guess' : 'likely',
      });
  }
  return findings;
}
