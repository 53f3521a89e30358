import type { Decision } from './decide.ts';

/** What becomes of an image in an exempt namespace: it stays as it is, and the reason says why and what it is spared. */
export function spared(decision: Decision, exemption: string): Decision {
  if (decision.action === 'allow') return decision;
  const reason = `the namespace is exempt (${exemption}); otherwise: ${decision.reason}`;
  if (decision.action === 'invalid') return { ...decision, reason };
  return { ...decision, action: 'allow', result: decision.image, rule: null, reason };
}
