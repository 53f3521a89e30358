import { soundPolicies } from '../../../shared/policy/policy-object.ts';
import { release } from '../../../shared/release.ts';
import type { Snapshot } from '../../cluster/snapshot.ts';
import { defaultNamespace } from '../../install/naming.ts';
import type { Enforcer } from './enforcers.ts';
import { mirrorHost } from './mirror-host.ts';
import { podsBehindFinder } from './pods-behind.ts';

/** What the command to install it would name: the image that runs already, or the one that the mirror should have. */
export function installOf(
  snapshot: Snapshot,
  enforcers: readonly Enforcer[],
): { image: string; webhookNamespace: string } {
  const behind = podsBehindFinder(snapshot);
  const running = enforcers.flatMap(({ called }) => (called === null ? [] : behind(called.webhook.client)))[0]
    ?.containers[0]?.image;
  const host = mirrorHost(soundPolicies(snapshot.airgappolicies.items)) ?? 'REGISTRY';
  return {
    image: running ?? `${host}/airgap-webhook:${release}`,
    webhookNamespace:
      enforcers.flatMap(({ called }) => called?.webhook.client.service?.namespace ?? [])[0] ?? defaultNamespace,
  };
}
