import type { Binding, Subject } from '../../../shared/kube/rbac.ts';
import type { AccountName } from '../../../shared/rbac/who.ts';
import type { Snapshot } from '../../cluster/snapshot.ts';
import type { Check } from '../check.ts';
import type { Facts, Finding } from '../finding.ts';
import { accessOf, isBuiltIn } from '../rbac/access.ts';
import { accountKey, accountsIn } from '../rbac/accounts.ts';
import { accountManifest, bindingManifest, namespaceManifest, yamlOf } from '../rbac/manifest.ts';
import { bindingRef, counted, refName } from '../rbac/words.ts';

const groupPrefix = 'system:serviceaccounts:';

export const bindingSubjects: Check = {
  id: 'AG-RBC-002',
  category: 'rbac',
  title: 'every service account and namespace that a binding names exists',
  explanation:
    'A binding may name a service account, or the service accounts of a namespace, that does not exist: the API server does not look. The workload that the binding was written for then runs under another account and is denied. The usual reason is a chart installed into another namespace than its bindings say. The bindings that Kubernetes itself creates for components that a cluster may not have are left out, and users and groups cannot be looked up at all.',
  needs: ['rolebindings', 'clusterrolebindings', 'serviceaccounts', 'namespaces'],
  run(snapshot, { namespace: only }) {
    const { serviceaccounts, namespaces } = snapshot;
    if (serviceaccounts.gap !== null || namespaces.gap !== null) return [];
    const accounts = new Set(serviceaccounts.items.map(({ meta }) => accountKey(meta)));
    const places = new Set(namespaces.items.map(({ meta }) => meta.name));
    const lost = new Map<string, { account: AccountName; bindings: Binding[] }>();
    const empty = new Map<string, Binding[]>();
    for (const binding of accessOf(snapshot).bindings) {
      if (isBuiltIn(binding)) continue;
      for (const account of accountsIn(binding)) {
        // With `-n` only the accounts of one namespace were read.
        if (accounts.has(accountKey(account)) || (only !== undefined && account.namespace !== only)) continue;
        const entry = lost.get(accountKey(account)) ?? { account, bindings: [] };
        entry.bindings.push(binding);
        lost.set(accountKey(account), entry);
      }
      for (const { kind, name } of binding.subjects) {
        const place = name.slice(groupPrefix.length);
        if (kind === 'Group' && name.startsWith(groupPrefix) && !places.has(place))
          empty.set(place, [...(empty.get(place) ?? []), binding]);
      }
    }
    return [
      ...[...lost.values()].map(({ account, bindings }) => lostAccount(snapshot, accounts, places, account, bindings)),
      ...[...empty].map(([place, bindings]) =>
        finding('rbac-namespace-missing', `the service accounts of namespace ${place}`, bindings, {
          missing: place,
          manifest: yamlOf([namespaceManifest(place)]),
        }),
      ),
    ];
  },
};

function lostAccount(
  snapshot: Snapshot,
  known: ReadonlySet<string>,
  places: ReadonlySet<string>,
  account: AccountName,
  bindings: readonly Binding[],
): Finding {
  const subject = `ServiceAccount ${accountKey(account)}`;
  const gone = !places.has(account.namespace);
  const cause = gone ? 'rbac-namespace-missing' : 'rbac-subject-missing';
  const missing = gone ? account.namespace : accountKey(account);
  const meant = namesakeOf(snapshot, account);
  if (meant !== undefined) {
    // Every account that a binding names wrongly is put right at once, or one remedy would undo the other.
    const documents = bindings.map((binding) => {
      const corrected = accountsIn(binding).map(
        (one) => [accountKey(one), known.has(accountKey(one)) ? undefined : namesakeOf(snapshot, one)] as const,
      );
      return bindingManifest(
        binding.meta.namespace,
        binding.meta.name,
        binding.role,
        renamed(binding, new Map(corrected)),
      );
    });
    return finding(cause, subject, bindings, {
      missing,
      instead: `ServiceAccount ${accountKey(meant)}`,
      manifest: yamlOf(documents),
    });
  }
  const documents = [...(gone ? [namespaceManifest(account.namespace)] : []), accountManifest(account)];
  return finding(cause, subject, bindings, { missing, manifest: yamlOf(documents) });
}

/** The only account of that name, in another namespace; a binding written for the wrong one most likely means it. */
function namesakeOf({ serviceaccounts }: Snapshot, { name }: AccountName): AccountName | undefined {
  if (name === 'default') return undefined;
  const [first, ...more] = serviceaccounts.items.filter(({ meta }) => meta.name === name);
  return first === undefined || more.length > 0 ? undefined : { namespace: first.meta.namespace, name };
}

function renamed({ meta, subjects }: Binding, meant: ReadonlyMap<string, AccountName | undefined>): Subject[] {
  return subjects.map((subject) => {
    const [account] = accountsIn({ meta, subjects: [subject] });
    const right = account === undefined ? undefined : meant.get(accountKey(account));
    return right === undefined ? subject : { kind: 'ServiceAccount', ...right };
  });
}

function finding(cause: Finding['cause'], subject: string, bindings: readonly Binding[], facts: Facts): Finding {
  return {
    cause,
    severity: 'warning',
    confidence: 'certain',
    facts: { ...facts, subject, bindings: counted(bindings.map((binding) => refName(bindingRef(binding)))) },
    evidence: bindings.slice(0, 3).map((binding) => `${refName(bindingRef(binding))} names ${subject}`),
    objects: bindings.map(bindingRef),
  };
}
