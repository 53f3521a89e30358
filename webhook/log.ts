import type { Facts, Webhook } from './review.ts';
import { shown } from '../shared/image/quote.ts';

export type Level = 'info' | 'warning' | 'error';
export type Log = (level: Level, message: string, more?: Readonly<Record<string, unknown>>) => void;

/** Structured lines: one JSON object each. `write` gets the line with its line break. */
export function jsonLog(write: (line: string) => void, now: () => Date): Log {
  return (level, message, more = {}) =>
    write(`${JSON.stringify({ time: now().toISOString(), level, message, ...more })}\n`);
}

const listed = 20;

/**
 * Says what was decided and why, where there is something to say: the images, rules and reasons, never the object. The
 * validating webhook speaks for both, for it sees every object last; rewrites are in the metrics and in the annotation.
 */
export function logDecision(log: Log, webhook: Webhook, facts: Facts): void {
  if (webhook !== 'validate') return;
  const { judgement, policy, uid, operation, kind, namespace, name, dryRun, owner } = facts;
  const notable = judgement.images.filter(
    ({ effect, decision }) => effect !== 'pass' || (judgement.exempt !== null && decision.action !== 'allow'),
  );
  if (notable.length === 0) return;
  log('info', messageOf(facts), {
    uid,
    operation,
    kind,
    namespace,
    name,
    ...(owner === null ? {} : { owner: `${owner.kind}/${owner.name}` }),
    ...(dryRun ? { dryRun } : {}),
    policy: policy?.name,
    mode: policy?.mode,
    ...(judgement.exempt === null ? {} : { exempt: judgement.exempt }),
    images: notable.slice(0, listed).map(({ position, decision, effect }) => ({
      place: position.owner.slice(0, 200),
      image: shown(decision.image),
      effect,
      action: decision.action,
      rule: decision.rule?.sourcePrefix ?? null,
      reason: decision.reason,
    })),
    ...(notable.length > listed ? { more: notable.length - listed } : {}),
  });
}

function messageOf({ judgement, policy }: Facts): string {
  if (judgement.rejection !== null) return 'rejected';
  if (judgement.exempt !== null) return 'exempt';
  return policy?.mode === 'Audit' ? 'audited' : 'noted';
}
