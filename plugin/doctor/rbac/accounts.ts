import type { Binding, Role } from '../../../shared/kube/rbac.ts';
import type { ServiceAccount } from '../../../shared/kube/service-account.ts';
import { accountOf, type AccountName } from '../../../shared/rbac/who.ts';
import type { Snapshot } from '../../cluster/snapshot.ts';
import type { ObjectRef } from '../finding.ts';

/** `namespace/name`: what sets and maps of accounts are keyed by. */
export function accountKey({ namespace, name }: AccountName): string {
  return `${namespace}/${name}`;
}

/** The accounts that running or starting pods use, each with its pods. Static pods have none of their own. */
export function accountsInUse(snapshot: Snapshot): Map<string, { account: AccountName; pods: ObjectRef[] }> {
  const used = new Map<string, { account: AccountName; pods: ObjectRef[] }>();
  for (const { meta, phase, mirror, serviceAccount } of snapshot.pods.items) {
    if (mirror || phase === 'Succeeded' || phase === 'Failed' || meta.deletionTimestamp !== undefined) continue;
    const account = { namespace: meta.namespace, name: serviceAccount };
    const entry = used.get(accountKey(account)) ?? { account, pods: [] };
    entry.pods.push({ kind: 'Pod', namespace: meta.namespace, name: meta.name });
    used.set(accountKey(account), entry);
  }
  return used;
}

/** The service accounts that a binding names, as such or by their user name. */
export function accountsIn({ meta, subjects }: Pick<Binding, 'meta' | 'subjects'>): AccountName[] {
  return subjects.flatMap((subject) => {
    if (subject.kind === 'User') return accountOf(subject.name) ?? [];
    if (subject.kind !== 'ServiceAccount') return [];
    const namespace = subject.namespace === '' ? meta.namespace : subject.namespace;
    return namespace === '' ? [] : { namespace, name: subject.name };
  });
}

/**
 * Whether a role was most likely written for an account. Many roles are bound to nothing on purpose (those for people,
 * those that aggregate), so a shared namespace is not enough: the names must fit, or for a namespaced role the release.
 */
export function writtenFor({ meta, release }: Role, account: ServiceAccount): boolean {
  const { namespace, name } = account.meta;
  if ([name, `${name}-role`, `${namespace}-${name}`, `${namespace}:${name}`].includes(meta.name)) return true;
  return meta.namespace !== '' && (meta.name.startsWith(`${name}-`) || (release !== '' && release === account.release));
}
