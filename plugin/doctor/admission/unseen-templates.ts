import { soundPolicies } from '../../../shared/policy/policy-object.ts';
import { resourceType } from '../../cluster/kinds.ts';
import { resourceName } from '../../cluster/resource-path.ts';
import type { Snapshot } from '../../cluster/snapshot.ts';
import type { Environment, Unseen } from '../check.ts';
import { shell } from '../shell.ts';
import { templateKinds, workloadsOf } from './templates-by-policy.ts';

/** What a preview was made of, and what it could not be made of. */
export function unseenTemplates(snapshot: Snapshot, { policyFile }: Environment): Unseen | null {
  const policies = soundPolicies(snapshot.airgappolicies.items);
  if (policies.length === 0) return null;
  const gaps = templateKinds.filter((kind) => snapshot[kind].gap !== null);
  const names = gaps.map((kind) => resourceName(resourceType(kind)));
  const custom = policies.flatMap(({ customResources }) =>
    customResources.map(({ group, kind }) => `${kind.toLowerCase()}.${group}`),
  );
  const preview = policies.some(({ mode, generation }) => mode !== 'Enforce' || generation === 0);
  const counted = `${many(snapshot.pods.items, 'pod')} and ${many(workloadsOf(snapshot), 'template')} were looked at`;
  const by = policyFile === undefined ? '' : `--policy ${shell(policyFile)} `;
  const sentences = [
    ...(preview ? [counted] : []),
    ...(names.length === 0 ? [] : [`templates were not looked at: ${names.join(', ')}`]),
    ...(custom.length === 0
      ? []
      : [
          `custom resources are not read here: kubectl get ${[...new Set(custom)].join(',')} -A -o yaml | kubectl airgap check ${by}-f - judges them`,
        ]),
  ];
  return sentences.length === 0 ? null : { decisive: names.length > 0, reason: sentences.join('; ') };
}

function many({ length }: readonly unknown[], what: string): string {
  return `${length} ${what}${length === 1 ? '' : 's'}`;
}
