import type { CompiledPolicy } from '../../../shared/policy/compile.ts';
import { soundPolicies } from '../../../shared/policy/policy-object.ts';
import {
  actingFor,
  celKinds,
  enforcersOf,
  unseenEnforcers,
  webhookKinds,
  type Enforcer,
} from '../admission/enforcers.ts';
import { installOf } from '../admission/install-of.ts';
import type { Check } from '../check.ts';
import type { Finding } from '../finding.ts';

export const policiesEnforced: Check = {
  id: 'AG-ADM-001',
  category: 'admission',
  title: 'every policy has a webhook or CEL objects that enforce it',
  explanation:
    'A policy in the cluster does nothing by itself. This looks for the webhooks of kubectl airgap among the webhook configurations, by their label or name, and for rules that cover the creation of pods; and for the admission policies in CEL that were made from the policy, with their bindings. From the mode Rewrite on something has to rewrite, in Enforce something has to reject as well. A webhook without any policy is told too. Whether the webhook can be called is said by other checks.',
  needs: ['airgappolicies', ...webhookKinds],
  wants: ['services', 'pods', ...celKinds],
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
          objects: enforcers.map(({ object }) => object),
        },
      ];
    if (first === undefined && unseenEnforcers(snapshot) !== null) return [];
    const install = installOf(snapshot, enforcers);
    // A policy from a file need not be in the cluster, so nothing there need enforce it.
    const applied = policies.filter(({ meta }) => meta.uid !== '');
    return soundPolicies(applied).flatMap((policy): Finding[] => {
      const missing = missingFor(policy, actingFor(policy, enforcers));
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
  unseen: (snapshot, { policyFile }) => {
    if (policyFile !== undefined)
      return {
        decisive: false,
        reason: `the policies of ${policyFile} are not applied, so nothing need enforce them yet`,
      };
    if (unseenEnforcers(snapshot) === null || enforcersOf(snapshot).length > 0) return null;
    return { decisive: true, reason: 'whether anything enforces a policy could not be seen' };
  },
};

function missingFor({ mode }: CompiledPolicy, enforcers: readonly Enforcer[]): string | null {
  if (enforcers.length === 0) return 'no webhook of kubectl airgap is registered, and there are no CEL objects of it';
  const lacks = (does: Enforcer['does']): boolean => !enforcers.some((one) => one.does === does && one.coversPods);
  if (mode === 'Audit' || mode === 'Warn') return lacks('rewrite') && lacks('reject') ? 'nothing covers pods' : null;
  if (lacks('rewrite')) return 'nothing that rewrites covers pods';
  return mode === 'Enforce' && lacks('reject') ? 'nothing that turns pods away covers them' : null;
}
