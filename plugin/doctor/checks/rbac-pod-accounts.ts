import type { AccountName } from '../../../shared/rbac/who.ts';
import type { Check } from '../check.ts';
import type { Finding, ObjectRef } from '../finding.ts';
import { accountKey, accountsInUse } from '../rbac/accounts.ts';
import { accountManifest, yamlOf } from '../rbac/manifest.ts';
import { reported } from '../rbac/reports.ts';

export const podAccounts: Check = {
  id: 'AG-RBC-005',
  category: 'rbac',
  title: 'every service account that a pod or a workload names exists',
  explanation:
    'A pod that names a service account that does not exist is refused when it is created; the event stands at its ReplicaSet, Job or StatefulSet. A pod whose account was deleted while it ran goes on until its token expires, then every request of it is refused, and after a restart its volumes with the token cannot be mounted.',
  needs: ['pods', 'serviceaccounts'],
  wants: ['events'],
  run(snapshot) {
    if (snapshot.serviceaccounts.gap !== null) return [];
    const known = new Set(snapshot.serviceaccounts.items.map(({ meta }) => accountKey(meta)));
    const lost = new Map<string, { account: AccountName; objects: ObjectRef[]; evidence: string[] }>();
    const entry = (account: AccountName): { objects: ObjectRef[]; evidence: string[] } => {
      const found = lost.get(accountKey(account)) ?? { account, objects: [], evidence: [] };
      lost.set(accountKey(account), found);
      return found;
    };
    for (const { account, pods } of accountsInUse(snapshot).values()) entry(account).objects.push(...pods);
    for (const { denial, object } of reported(snapshot)) {
      if (denial.kind !== 'no-account') continue;
      const found = entry(denial.account);
      found.objects.push(object);
      found.evidence.push(denial.text);
    }
    return [...lost.values()].flatMap(({ account, objects, evidence }): Finding[] => {
      if (known.has(accountKey(account))) return [];
      const subject = `ServiceAccount ${accountKey(account)}`;
      return [
        {
          cause: 'rbac-subject-missing',
          severity: 'error',
          confidence: 'certain',
          facts: { subject, missing: accountKey(account), manifest: yamlOf([accountManifest(account)]) },
          evidence: evidence.length > 0 ? evidence : [`${subject} is not among the service accounts`],
          objects,
        },
      ];
    });
  },
};
