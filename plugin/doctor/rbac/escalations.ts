import { merged } from '../../../shared/rbac/missing.ts';
import { may, rulesFor } from '../../../shared/rbac/policy.ts';
import { uncovered } from '../../../shared/rbac/rule.ts';
import { accountOf, who } from '../../../shared/rbac/who.ts';
import type { Snapshot } from '../../cluster/snapshot.ts';
import type { Finding } from '../finding.ts';
import type { Access } from './access.ts';
import { grantYaml } from './grant.ts';
import { reported } from './reports.ts';
import { actionsOf, nameOf, placeOf } from './words.ts';

/** Attempts to grant more than one holds that would fail again today. */
export function escalationFindings(snapshot: Snapshot, access: Access): Finding[] {
  return reported(snapshot).flatMap(({ denial, object }): Finding[] => {
    if (denial.kind !== 'escalation') return [];
    const { user, target } = denial;
    const asker = who(user, denial.groups);
    const everywhere = target.resource.startsWith('cluster');
    // The message does not say where a Role was to be written: where the reporting object is, or the account itself.
    const namespace = everywhere ? '' : (object.namespace ?? accountOf(user)?.namespace ?? '');
    const missing = merged(uncovered(rulesFor(access.policy, asker, namespace), denial.missing));
    const binds = target.resource.endsWith('bindings');
    const bypass = {
      verb: binds ? 'bind' : 'escalate',
      group: 'rbac.authorization.k8s.io',
      resource: everywhere ? 'clusterroles' : 'roles',
      subresource: '',
      // Of a binding only its own name is told, not that of the role to be bound.
      name: binds ? '' : target.name,
      namespace,
    };
    if (missing.length === 0 || may(access.policy, asker, bypass).allowed) return [];
    return [
      {
        cause: 'rbac-escalation',
        confidence: access.complete ? 'certain' : 'likely',
        facts: {
          subject: nameOf(user),
          target: `${target.resource === '' ? 'a role' : target.resource} ${target.name}`.trim(),
          actions: actionsOf(missing),
          place: placeOf(namespace),
          manifest: grantYaml(access, user, [namespace], missing),
        },
        evidence: [denial.text],
        objects: [object],
      },
    ];
  });
}
