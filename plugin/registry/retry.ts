import { setTimeout as sleep } from 'node:timers/promises';
import type { FaultCode, Outcome } from '../../shared/registry/fault.ts';

/** Faults that another try may not meet. `doctor` tries once, because the fault is what it is after. */
const passing: ReadonlySet<FaultCode> = new Set([
  'name-failure',
  'name-timeout',
  'connect-timeout',
  'reset',
  'silent',
  'truncated',
  'rate-limited',
  'server-error',
]);

export interface Persistence {
  readonly attempts: number;
  /** Milliseconds before the second attempt; doubled for each one after it. */
  readonly delay: number;
  /** The longest wait that a Retry-After may ask for, in milliseconds; more than that ends the trying. */
  readonly longest: number;
}

export const once: Persistence = { attempts: 1, delay: 0, longest: 0 };
export const patiently: Persistence = { attempts: 5, delay: 250, longest: 120_000 };

/** Tries again what may pass, as long as the signal lets it; the last fault is the one that is returned. */
export async function persist<T>(
  persistence: Persistence,
  signal: AbortSignal,
  attempt: () => Promise<Outcome<T>>,
): Promise<Outcome<T>> {
  for (let tried = 1; ; tried += 1) {
    const outcome = await attempt();
    if (outcome.ok || tried >= persistence.attempts || !passing.has(outcome.fault.code)) return outcome;
    const asked = outcome.fault.retryAfter === undefined ? 0 : outcome.fault.retryAfter * 1000;
    const wait = Math.max(asked, persistence.delay * 2 ** (tried - 1));
    if (asked > persistence.longest || signal.aborted) return outcome;
    try {
      // Up to a fifth more, so that eight connections that were turned away together do not come back together.
      await sleep(Math.min(wait, persistence.longest) * (1 + Math.random() / 5), undefined, { signal });
    } catch {
      return outcome;
    }
  }
}
