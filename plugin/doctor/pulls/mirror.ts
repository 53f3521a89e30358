import type { CauseId } from '../causes/ids.ts';
import { isOnTheInternet, sameRegistry } from './reference.ts';
import { mirrorRule, parseRuntime, type MirrorRule } from './runtime.ts';
import type { Circumstances } from './verdict.ts';
import type { Where } from './where.ts';

/** A second cause that the same text may have, and what would tell the two apart. */
export interface Alternative {
  readonly cause: CauseId;
  readonly decide: string;
}

/**
 * What an error about a registry on the internet says of a mirror that stands before it. Which host's error a runtime
 * shows depends on its version (see `MirrorRule`), so the same text means "the mirror lacks it", "no mirror is in
 * effect" or just itself. Undefined where the text allows no second reading.
 */
export function behindMirror(cause: CauseId, where: Where, circumstances: Circumstances): Alternative | undefined {
  const { host, upstream, role } = where;
  if (role !== 'registry' || upstream === undefined || !isOnTheInternet(upstream)) return undefined;
  if (host !== undefined && !sameRegistry(host, upstream)) return undefined;
  const rule = mirrorRule(parseRuntime(circumstances.runtime ?? ''));
  if (cause === 'image-not-found') return missing(rule, upstream);
  return /^(?:dns|net)-/.test(cause) ? outOfReach(rule, upstream) : undefined;
}

function missing(rule: MirrorRule, upstream: string): Alternative | undefined {
  // The other rules show a "not found" only when the upstream itself has given that answer.
  if (rule !== 'furthest' && rule !== 'unknown') return undefined;
  return {
    cause: 'mirror-miss',
    decide: `whether a mirror for ${upstream} is configured on the node (hosts.toml): containerd 2 prints the upstream's name when it was the mirror that answered "not found"`,
  };
}

function outOfReach(rule: MirrorRule, upstream: string): Alternative | undefined {
  if (rule === 'all') return undefined;
  if (rule !== 'furthest')
    return fellThrough(upstream, rule === 'last' ? 'lacks the image or is itself out of reach' : 'lacks the image');
  return {
    cause: 'mirror-config',
    decide: `whether hosts.toml for ${upstream} exists on the node and can be read: containerd 2 shows ${upstream}'s own error only when no mirror is in effect, and only logs a file that it cannot decode`,
  };
}

function fellThrough(upstream: string, mirror: string): Alternative {
  return {
    cause: 'mirror-fell-through',
    decide: `whether a mirror for ${upstream} is configured on the node: if there is one, this error means that it ${mirror}; the node's containerd log names each host it tried ("trying next host")`,
  };
}
