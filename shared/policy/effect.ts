import type { Mode } from './compile.ts';
import type { Action } from './decide.ts';
import type { Placement } from './positions.ts';

/** Who asks: the mutating webhook, the validating one that sees the final object, or somebody before either: `offline`. */
export type Phase = 'mutate' | 'validate' | 'offline';

/**
 * What comes of one image. `pass`: it is as the policy wants it. `count`: noted in metrics and logs only. `warn`: the
 * user is told. `rewrite`: it is replaced. `reject`: the object is turned away.
 */
export type Effect = 'pass' | 'count' | 'warn' | 'rewrite' | 'reject';

export function effectOf(mode: Mode, phase: Phase, holds: Placement['holds'], action: Action): Effect {
  // A template stays as its author wrote it, so that GitOps sees no drift: its pods are rewritten instead.
  if (action === 'allow' || (action === 'rewrite' && holds === 'template')) return 'pass';
  if (mode === 'Audit') return 'count';
  if (mode === 'Warn') return 'warn';
  if (action === 'rewrite' && phase !== 'validate') return 'rewrite';
  if (mode === 'Rewrite') return 'warn';
  // A later mutating webhook may still put a right image in its place: only the final object is turned away.
  return phase === 'mutate' ? 'count' : 'reject';
}
