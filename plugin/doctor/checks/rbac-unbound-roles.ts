import { accountOf, userOf } from '../../../shared/rbac/who.ts';
import type { Snapshot } from '../../cluster/snapshot.ts';
import type { Check, Environment } from '../check.ts';
import type { Finding } from '../finding.ts';
import { accessOf, rbacKinds, type Access } from '../rbac/access.ts';
import { accountKey, accountsIn, accountsInUse, writtenFor } from '../rbac/accounts.ts';
import { bindingYaml } from '../rbac/grant.ts';
import { stillDenied } from '../rbac/verdict.ts';
import { canI, nameOf, placeOf, roleRefName } from '../rbac/words.ts';

export const unboundRolesCheck: Check = {
  id: 'AG-RBC-003',
  category: 'rbac',
  title: 'every role that a running workload was given is bound to its service account',
  explanation:
    'A role does nothing until a binding gives it to somebody. Most unbound roles are meant to be so: building blocks of aggregated roles, roles for people, roles of an operator. And most service accounts need no rights at all. So only two things are reported: a request that was denied although a role that nobody is bound to would allow it, and a service account that pods use, that no binding names, and for which a role of its own name or release lies unbound.',
  needs: [...rbacKinds, 'pods', 'serviceaccounts'],
  wants: ['events', 'namespaces'],
  run(snapshot, environment) {
    const access = accessOf(snapshot);
    if (!access.complete) return [];
    const denied = deniedButUnbound(snapshot, access);
    const told = new Set(denied.flatMap(({ facts }) => facts['subject'] ?? []));
    return [
      ...denied,
      ...unusedPairs(snapshot, access, environment).filter(({ facts }) => !told.has(facts['subject'] ?? '')),
    ];
  },
};

function deniedButUnbound(snapshot: Snapshot, access: Access): Finding[] {
  return stillDenied(snapshot, access).flatMap((one): Finding[] => {
    if (one.why !== 'unbound') return [];
    const { denial, role, reports } = one;
    const namespace = 'path' in denial.request ? '' : denial.request.namespace;
    return [
      {
        cause: 'rbac-binding-missing',
        severity: 'error',
        confidence: one.confidence,
        facts: {
          subject: nameOf(denial.user),
          role: roleRefName(role),
          place: placeOf(namespace),
          manifest: bindingYaml(access, denial.user, namespace, role),
          verify: canI(denial.user, denial.request),
        },
        evidence: [denial.text, `no binding names ${roleRefName(role)}, which would allow it`],
        objects: reports.map(({ object }) => object),
      },
    ];
  });
}

/** Accounts in use that no binding names, and the unbound roles that were most likely written for them. */
function unusedPairs(snapshot: Snapshot, access: Access, { namespace: only }: Environment): Finding[] {
  const bound = new Set(access.bindings.flatMap(accountsIn).map(accountKey));
  const boundTogether = new Set(access.bindings.flatMap(({ subjects }) => subjects.map(({ name }) => name)));
  const used = accountsInUse(snapshot);
  return snapshot.serviceaccounts.items.flatMap((account) => {
    const { namespace, name } = account.meta;
    const pods = used.get(accountKey(account.meta))?.pods ?? [];
    const isBound = bound.has(accountKey(account.meta)) || boundTogether.has(`system:serviceaccounts:${namespace}`);
    if (name === 'default' || pods.length === 0 || isBound) return [];
    const user = userOf(account.meta);
    return ['', namespace]
      .flatMap((home) => access.unbound.get(home) ?? [])
      .filter((role) => writtenFor(role, account))
      .map((role): Finding => {
        const place = role.meta.namespace;
        return {
          cause: 'rbac-binding-missing',
          severity: 'warning',
          // Nothing was denied yet; and with `-n` a binding in another namespace was not read.
          confidence: only === undefined && role.meta.namespace !== '' ? 'likely' : 'guess',
          facts: {
            subject: nameOf(user),
            role: roleRefName(role),
            place: placeOf(place),
            manifest: bindingYaml(access, user, place, role),
            verify: `kubectl auth can-i --list ${place === '' ? '' : `-n ${place} `}--as=${user}`,
          },
          evidence: [`no binding names ${nameOf(user)}`, `no binding names ${roleRefName(role)}`],
          objects: [{ kind: 'ServiceAccount', ...accountOf(user), name }, ...pods],
        };
      });
  });
}
