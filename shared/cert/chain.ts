import { signedBy, type Certificate } from './certificate.ts';

/** Whether a client that trusts `roots` would accept a chain. */
export type Trust =
  | { readonly trusted: true; readonly path: readonly Certificate[] }
  | {
      readonly trusted: false;
      readonly why: 'unknown-authority' | 'expired' | 'not-yet-valid' | 'weak-hash';
      /** The certificate at fault: the one that nobody known signed, or whose date or hash is wrong. */
      readonly at: Certificate;
      /** A trusted CA of the right name whose key is another one: the mark of a CA that was renewed on one side only. */
      readonly sameName?: Certificate;
    };

const longestPath = 8;
/** A bundle of cross-signed CAs made to be slow ends here instead of after hours; a real path takes less than ten. */
const mostSignatures = 200;

/**
 * Builds a path from the leaf through the intermediates to a trusted certificate, as Go's verifier does: any trusted
 * certificate ends the path, a root or not, and a leaf that is itself trusted is its own path. Of several failures the
 * one that came nearest to a path is told.
 */
export function verifyChain(
  leaf: Certificate,
  intermediates: readonly Certificate[],
  roots: readonly Certificate[],
  now: Date,
): Trust {
  const trusted = new Set(roots.map((root) => root.fingerprint));
  let failure: Trust = unknownAuthority(leaf, roots);
  let signatures = 0;
  const signs = (issuer: Certificate, child: Certificate): boolean => {
    if (child.issuer !== issuer.subject || signatures >= mostSignatures) return false;
    signatures += 1;
    return signedBy(child, issuer);
  };

  const extend = (path: readonly Certificate[]): Trust | undefined => {
    const last = path.at(-1);
    if (last === undefined || path.length > longestPath) return undefined;
    const fault = faultOf(last, trusted.has(last.fingerprint), now);
    if (trusted.has(last.fingerprint)) {
      if (fault === undefined) return { trusted: true, path };
      failure = fault;
      return undefined;
    }
    const seen = new Set(path.map((step) => step.fingerprint));
    for (const issuer of [...roots, ...intermediates]) {
      if (seen.has(issuer.fingerprint) || !(issuer.ca || trusted.has(issuer.fingerprint))) continue;
      if (!signs(issuer, last)) continue;
      const found = extend([...path, issuer]);
      if (found === undefined) {
        if (!failure.trusted && failure.why === 'unknown-authority' && !trusted.has(issuer.fingerprint))
          failure = unknownAuthority(issuer, roots);
        continue;
      }
      if (fault === undefined) return found;
      failure = fault;
    }
    return undefined;
  };
  return extend([leaf]) ?? failure;
}

function faultOf(certificate: Certificate, trusted: boolean, now: Date): Trust | undefined {
  const time = now.getTime();
  if (time > certificate.notAfter) return { trusted: false, why: 'expired', at: certificate };
  if (time < certificate.notBefore) return { trusted: false, why: 'not-yet-valid', at: certificate };
  // Nobody checks the signature of what is trusted as it stands.
  if (certificate.weakHash !== null && !trusted) return { trusted: false, why: 'weak-hash', at: certificate };
  return undefined;
}

function unknownAuthority(at: Certificate, roots: readonly Certificate[]): Trust {
  const sameName = roots.find((root) => root.subject === at.issuer);
  return { trusted: false, why: 'unknown-authority', at, ...(sameName === undefined ? {} : { sameName }) };
}
