import type { Facts } from '../finding.ts';
import { fact } from './cause.ts';

/**
 * What can be wrong between a server's certificate and the CA that a client was given, as clauses. The same faults
 * befall webhooks, aggregated APIs, conversions, kubelets and the API server, so several causes name them by `fault`.
 */
export const faults = {
  expired: (facts) => `the certificate of ${fact(facts, 'subject')} expired on ${fact(facts, 'expires')}`,
  expiring: (facts) =>
    `the certificate of ${fact(facts, 'subject')} expires in ${fact(facts, 'left')}, with ${fact(facts, 'share')} of its life left (${fact(facts, 'expires')})`,
  'not-yet-valid': (facts) =>
    `the certificate of ${fact(facts, 'subject')} is valid only from ${fact(facts, 'starts')}`,
  'unknown-authority': (facts) =>
    `the certificate of ${fact(facts, 'subject')} is not signed by any CA in ${fact(facts, 'caWhere')}`,
  'other-key': (facts) =>
    `the certificate of ${fact(facts, 'subject')} was signed by another key of the same name than the CA in ${fact(facts, 'caWhere')}: one side was renewed without the other`,
  'weak-hash': (facts) =>
    `the certificate of ${fact(facts, 'subject')} is signed with ${fact(facts, 'hash')}, which is refused`,
  'no-san': (facts) =>
    `the certificate of ${fact(facts, 'subject')} has only a common name and no subject alternative name`,
  'wrong-name': (facts) =>
    `the certificate of ${fact(facts, 'subject')} is not made out for ${fact(facts, 'server')} but for ${fact(facts, 'names')}`,
  'wrong-usage': (facts) => `the certificate of ${fact(facts, 'subject')} may not be used by a server`,
  'no-ca': (facts) => `no CA is published for it in ${fact(facts, 'caWhere')}`,
  'unreadable-ca': (facts) =>
    `${fact(facts, 'caWhere')} holds no certificate that can be read: ${fact(facts, 'problem')}`,
} as const satisfies Record<string, (facts: Facts) => string>;

export type Fault = keyof typeof faults;

/** The fault that the facts name, else the verbatim `reason` of whoever noticed. */
export function why(facts: Facts): string {
  const fault = facts['fault'] ?? '';
  return Object.hasOwn(faults, fault) ? faults[fault as Fault](facts) : fact(facts, 'reason');
}
