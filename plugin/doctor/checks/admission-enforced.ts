import type { CompiledPolicy } from '../../../shared/policy/compile.ts';
import { soundPolicies } from '../../../shared/policy/policy-object.ts';
import { release } from '../../../shared/release.ts';
import { defaultNamespace } from '../../install/naming.ts';
import type { Snapshot } from '../../cluster/snapshot.ts';
import { coversPods, enforcersOf, type Enforcer } from '../admission/enforcers.ts';
import { mirrorHost } from '../admission/mirror-host.ts';
import { podsBehindFinder } from '../admission/pods-behind.ts';
import type { Check } from '../check.ts';
import type { Finding } from '../finding.ts';

export const policiesEnforced: Check = {
  id: 'AG-ADM-001',
  category: 'admission',
  title: 'every policy has a webhook that enforces it',
  explanation:
    'A policy in the cluster does nothing by itself. This looks for the webhooks of kubectl airgap among the webhook configurations, by their label or name, and for rules that cover the creation of pods: a mutating one from the mode Rewrite on, a validating one as well in Enforce, any of them before. A webhook without any policy is told too. Whether the webhook can be called is said by other checks.',
  needs: ['airgappolicies', 'mutatingwebhookconfigurations', 'validatingwebhookconfigurations'],
  wants: ['services', 'pods'],
  run: (snapshot) => {
    const enforcers = enforcersOf(snapshot);
    const policies = snapshot.airgappolicies.items;
    const [first] = enforcers;
    if (policies.length === 0 && first !== undefined)
      return [
        {
          cause: 'policy-missing',
          confidence: 'certain',
          facts: {},
          evidence: [],
          objects: enforcers.map(({ configuration: { kind, meta } }) => ({ kind, name: meta.name })),
        },
      ];
    const install = installOf(snapshot, enforcers);
    // A policy from a file need not be in the cluster, so nothing there need enforce it.
    const applied = policies.filter(({ meta }) => meta.uid !== '');
    return soundPolicies(applied).flatMap((policy): Finding[] => {
      const missing = missingFor(policy, enforcers);
      if (missing === null) return [];
      const { name, mode } = policy;
      return [
        {
          cause: 'policy-not-enforced',
          severity: mode === 'Rewrite' || mode === 'Enforce' ? 'error' : 'warning',
          confidence: 'certain',
          facts: { policy: name, mode, missing, ...install },
          evidence: [],
          objects: [{ kind: 'AirgapPolicy', name }],
        },
      ];
    });
  },
};

function missingFor({ mode }: CompiledPolicy, enforcers: readonly Enforcer[]): string | null {
  if (enforcers.length === 0) return 'no webhook of kubectl airgap is registered';
  const lacks = (does: Enforcer['does']): boolean => !enforcers.some((one) => one.does === does && coversPods(one));
  if (mode === 'Audit' || mode === 'Warn')
    return lacks('rewrite') && lacks('reject') ? 'no webhook has rules that cover pods' : null;
  if (lacks('rewrite')) return 'no mutating webhook covers pods, so nothing is rewritten';
  return mode === 'Enforce' && lacks('reject') ? 'no validating webhook covers pods, so nothing is turned away' : null;
}

/** What the command to install it would name: the image that runs already, or the one that the mirror should have. */
function installOf(snapshot: Snapshot, enforcers: readonly Enforcer[]): { image: string; webhookNamespace: string } {
  const behind = podsBehindFinder(snapshot);
  const running = enforcers.flatMap(({ webhook }) => behind(webhook.client))[0]?.containers[0]?.image;
  const host = mirrorHost(soundPolicies(snapshot.airgappolicies.items)) ?? 'REGISTRY';
  return {
    image: running ?? `${host}/airgap-webhook:${release}`,
    webhookNamespace:
      enforcers.flatMap(({ webhook }) => webhook.client.service?.namespace ?? [])[0] ?? defaultNamespace,
  };
}
