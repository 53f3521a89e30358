import { isFor, mayBeUsedFor, serverAuth, type Certificate } from '../../../shared/cert/certificate.ts';
import { verifyChain, type Trust } from '../../../shared/cert/chain.ts';
import { lifeOf } from '../../../shared/cert/life.ts';
import { serverName, type WebhookClient } from '../../../shared/kube/webhook-client.ts';
import type { Fault } from '../causes/faults.ts';
import type { Confidence, Facts } from '../finding.ts';
import type { Serving } from './serving.ts';
import { certificateFacts, evidenceOf } from './words.ts';

/** What keeps the API server from trusting a server that it calls out to. */
export interface ClientFault {
  readonly fault: Fault;
  /** Whether the published CA or the server's certificate is to be changed. */
  readonly side: 'ca' | 'server';
  readonly confidence: Confidence;
  readonly facts: Facts;
  readonly evidence: readonly string[];
}

const ofTrust = { expired: 'expired', 'not-yet-valid': 'not-yet-valid', 'weak-hash': 'weak-hash' } as const;

/** Judges a caBundle by itself and, where it could be seen, against the certificate that the server shows. */
export function clientFault(client: WebhookClient, serving: Serving | undefined, now: Date): ClientFault | null {
  const { caBundle } = client;
  if (caBundle === null)
    return client.service === undefined ? null : plain('no-ca', 'ca', 'likely', [`clientConfig has no caBundle`]);
  const roots = caBundle.certificates;
  if (roots.length === 0)
    return {
      ...plain('unreadable-ca', 'ca', 'certain', caBundle.problems),
      facts: { problem: caBundle.problems.join('; ') },
    };
  const expired = roots.filter((root) => lifeOf(root, now).stage === 'expired');
  const [dead] = expired;
  if (serving === undefined)
    return dead !== undefined && expired.length === roots.length ? of('expired', 'ca', dead, 'certain', now) : null;

  const sure: Confidence = serving.mounted ? 'certain' : 'likely';
  const trust = verifyChain(serving.leaf, serving.intermediates, roots, now);
  if (!trust.trusted) return untrusted(trust, serving, roots, sure, now);
  const name = serverName(client);
  if (serving.leaf.names.length === 0) return of('no-san', 'server', serving.leaf, sure, now);
  if (name !== null && !isFor(serving.leaf, name)) return of('wrong-name', 'server', serving.leaf, sure, now);
  return mayBeUsedFor(serving.leaf, serverAuth) ? null : of('wrong-usage', 'server', serving.leaf, sure, now);
}

function untrusted(
  trust: Trust & { trusted: false },
  serving: Serving,
  roots: readonly Certificate[],
  confidence: Confidence,
  now: Date,
): ClientFault {
  const { why, at, sameName } = trust;
  if (why !== 'unknown-authority') {
    const published =
      at.fingerprint !== serving.leaf.fingerprint && roots.some((root) => root.fingerprint === at.fingerprint);
    return of(ofTrust[why], published ? 'ca' : 'server', at, confidence, now);
  }
  const found = of(sameName === undefined ? 'unknown-authority' : 'other-key', 'ca', at, confidence, now);
  const published = roots.slice(0, 2).map((root) => `published CA: ${root.subject}, fingerprint ${root.fingerprint}`);
  return { ...found, evidence: [...found.evidence, ...published] };
}

function of(fault: Fault, side: ClientFault['side'], at: Certificate, confidence: Confidence, now: Date): ClientFault {
  return { fault, side, confidence, facts: certificateFacts(at, now), evidence: evidenceOf(at) };
}

function plain(
  fault: Fault,
  side: ClientFault['side'],
  confidence: Confidence,
  evidence: readonly string[],
): ClientFault {
  return { fault, side, confidence, facts: {}, evidence };
}
