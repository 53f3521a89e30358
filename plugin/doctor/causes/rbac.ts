import type { Facts } from '../finding.ts';
import { fact, word, type Cause } from './cause.ts';
import type { IdOf } from './ids.ts';

/** A command with the objects to apply in it; one entry with line breaks, so that it can be pasted as a whole. */
function feed(facts: Facts, command: string): string {
  const manifest = facts['manifest'];
  return manifest === undefined ? `$ ${command} -f MANIFEST` : `$ ${command} -f - <<'EOF'\n${manifest}EOF`;
}

function commands(lines: string | undefined): string[] {
  return lines === undefined ? [] : lines.split('\n').map((line) => `$ ${line}`);
}

/** An object of the cluster's own names the wrong thing; its roleRef cannot be changed, so it is made anew. */
const replace = 'kubectl replace --force';

export const rbac: Readonly<Record<IdOf<'rbac'>, Cause>> = {
  'rbac-missing-rule': {
    title: 'a request was denied because no rule allows it',
    severity: 'error',
    owner: 'cluster administrator',
    summary: (facts) =>
      `${fact(facts, 'subject')} may not ${fact(facts, 'actions')} ${fact(facts, 'place')}: no role that is bound to it says so`,
    remedy: (facts) => [
      `If ${fact(facts, 'subject')} is meant to have this right, grant it. Better still, add the rule where its role comes from (chart, kustomization, operator), so that the next upgrade keeps it:`,
      feed(facts, 'kubectl apply'),
      ...(facts['verify'] === undefined ? [] : ['Then the API server itself must answer yes:']),
      ...commands(facts['verify']),
    ],
    explanation:
      'Kubernetes denies whatever no rule allows. A rule fits only if verb, API group, resource and, where it lists any, the name all fit: "pods" does not include "pods/log", "get" does not include "list", the group of Deployments is "apps" and not empty, and a rule that lists resourceNames never allows list or create. A RoleBinding counts only in its own namespace; a request for all namespaces or for a cluster-wide resource needs a ClusterRoleBinding. A controller that lists with a client library watches right afterwards, so the proposed role has both verbs.',
    confirm: [
      'Ask the API server as the one who was denied; it answers yes or no:',
      '$ kubectl auth can-i list pods -n NAMESPACE --as=system:serviceaccount:NAMESPACE:NAME',
      'See all that it may do in that namespace:',
      '$ kubectl auth can-i --list -n NAMESPACE --as=system:serviceaccount:NAMESPACE:NAME',
    ],
    example:
      'pods is forbidden: User "system:serviceaccount:app:web" cannot list resource "pods" in API group "" in the namespace "app"',
  },
  'rbac-role-missing': {
    title: 'a binding names a role that does not exist',
    severity: 'error',
    owner: 'cluster administrator',
    summary: (facts) =>
      `${fact(facts, 'bindings')} ${facts['plural'] === undefined ? 'grants' : 'grant'} nothing: ${fact(facts, 'role')} does not exist`,
    remedy: roleMissingRemedy,
    explanation:
      'The API server accepts a binding whose role does not exist, and the binding then grants nothing. Creating the role later brings it to life. A RoleBinding can name a Role of its own namespace or a ClusterRole, never a Role of another namespace. What a binding names can never be changed: to name another role it must be deleted and created again, which "kubectl replace --force" does in one step.',
    confirm: [
      'Bindings with the kind and name of their roles:',
      '$ kubectl get rolebindings,clusterrolebindings -A -o wide',
      'The roles that are there:',
      '$ kubectl get roles -A',
      '$ kubectl get clusterroles',
    ],
    example:
      'configmaps is forbidden: User "system:serviceaccount:app:web" cannot list resource "configmaps" in API group "" in the namespace "app": RBAC: role.rbac.authorization.k8s.io "reader" not found',
  },
  'rbac-binding-missing': {
    title: 'a role that nothing binds to the account that needs it',
    severity: 'error',
    owner: 'author of the manifest',
    summary: (facts) =>
      `${fact(facts, 'role')} is bound to nobody, and ${fact(facts, 'subject')} lacks what it grants ${fact(facts, 'place')}`,
    remedy: (facts) => [
      `Bind the role, if it was written for ${fact(facts, 'subject')}:`,
      feed(facts, 'kubectl apply'),
      'Then see what the API server says:',
      ...commands(facts['verify'] ?? 'kubectl auth can-i --list --as=USER'),
    ],
    explanation:
      'Role, binding and service account are three objects; a workload has its rights only when all three are there and name each other. A chart installed with a switch such as rbac.create turned half on, a binding in another namespace or a lost file of a bundle leaves the role without its binding. A ClusterRole bound by a RoleBinding counts only in the namespace of that binding.',
    confirm: [
      'Every binding of the namespace, with the accounts it names:',
      '$ kubectl get rolebindings -n NAMESPACE -o wide',
      'What the account may do:',
      '$ kubectl auth can-i --list -n NAMESPACE --as=system:serviceaccount:NAMESPACE:NAME',
    ],
  },
  'rbac-subject-missing': {
    title: 'a service account that something names does not exist',
    severity: 'error',
    owner: 'author of the manifest',
    summary: (facts) =>
      facts['bindings'] === undefined
        ? `${fact(facts, 'subject')} does not exist, but pods are to run under it`
        : `${fact(facts, 'subject')} does not exist, but is granted rights by ${fact(facts, 'bindings')}`,
    remedy: (facts) => (facts['instead'] === undefined ? createSubject(facts) : renameSubject(facts)),
    explanation:
      'A pod that names a service account that is not there is refused by admission, and a binding for it grants nothing to anybody. Most often a chart was installed into another namespace than its bindings or workloads were written for, the account was renamed, or it was deleted together with another release. Once an account is deleted, its tokens are no longer accepted, even when one of the same name is created again: its pods must be restarted.',
    confirm: [
      'The accounts that are there:',
      '$ kubectl get serviceaccounts -A',
      'What the workloads of a namespace name:',
      `$ kubectl get deployments,statefulsets,daemonsets -n NAMESPACE -o custom-columns=KIND:.kind,NAME:.metadata.name,ACCOUNT:.spec.template.spec.serviceAccountName`,
    ],
    example:
      'Error creating: pods "web-5d4f8-" is forbidden: error looking up service account app/web: serviceaccount "web" not found',
  },
  'rbac-namespace-missing': {
    title: 'a binding names service accounts of a namespace that does not exist',
    severity: 'warning',
    owner: 'author of the manifest',
    summary: (facts) =>
      `namespace ${fact(facts, 'missing')} does not exist, but ${fact(facts, 'bindings')} grants rights to ${fact(facts, 'subject')}`,
    remedy: (facts) => (facts['instead'] === undefined ? createSubject(facts) : renameSubject(facts)),
    explanation:
      'Bindings name service accounts together with their namespace, and nothing checks that it is there. A binding left behind by a deleted namespace is harmless until somebody creates a namespace of that name: its accounts then have these rights at once. A binding written for another namespace than the one the software was installed into leaves the software without its rights.',
    confirm: [
      'The namespaces that are there:',
      '$ kubectl get namespaces',
      'Every cluster-wide binding with the accounts it names:',
      '$ kubectl get clusterrolebindings -o wide',
    ],
  },
  'rbac-escalation': {
    title: 'somebody tried to grant more than they hold themselves',
    severity: 'error',
    owner: 'cluster administrator',
    summary: (facts) =>
      `${fact(facts, 'subject')} may not write ${fact(facts, 'target')}, because it grants what ${fact(facts, 'subject')} does not hold: ${fact(facts, 'actions')}`,
    remedy: (facts) => [
      'Let somebody who holds these rights apply that role or binding, for instance a cluster administrator. That is enough when it happens once.',
      `If ${fact(facts, 'subject')} has to do it again and again (an operator, a GitOps controller), give it the rights that it hands on:`,
      feed(facts, 'kubectl apply'),
    ],
    explanation:
      'The API server lets nobody create or change a role, or bind one, that holds more than they hold themselves in the same place; otherwise whoever may edit roles could make themselves administrator. Besides holding the rights there is one other way: the verb "escalate" on roles, or "bind" on the role to be bound, which amount to full rights and should be given as rarely.',
    confirm: [
      'What the account holds in that namespace:',
      '$ kubectl auth can-i --list -n NAMESPACE --as=system:serviceaccount:NAMESPACE:NAME',
      'Try the same object once more without changing anything:',
      '$ kubectl apply --dry-run=server -f FILE --as=system:serviceaccount:NAMESPACE:NAME',
    ],
    example:
      'roles.rbac.authorization.k8s.io "reader" is forbidden: user "system:serviceaccount:flux-system:kustomize-controller" (groups=["system:serviceaccounts" "system:serviceaccounts:flux-system" "system:authenticated"]) is attempting to grant RBAC permissions not currently held:\n{APIGroups:[""], Resources:["secrets"], Verbs:["get" "list"]}',
  },
  'rbac-anonymous': {
    title: 'a request arrived without credentials that the API server accepts',
    severity: 'error',
    owner: 'author of the manifest',
    summary: (facts) => `somebody without accepted credentials was not allowed to ${fact(facts, 'action')}`,
    remedy: (facts) => [
      'Do not grant anything to system:anonymous: make the client send its credentials.',
      'A pod sends none when its token is not mounted. Look whether the workload or its account turns that off, and remove it:',
      `$ kubectl get serviceaccounts,pods -n ${word(facts, 'namespace')} -o custom-columns=KIND:.kind,NAME:.metadata.name,TOKEN:.automountServiceAccountToken,POD-TOKEN:.spec.automountServiceAccountToken`,
      'A client with a certificate is anonymous when a proxy or load balancer in between ends the TLS connection, or when the kubelet or aggregated API server that it calls does not know the CA of its certificate. Let it connect to the server itself, and check the client CA there.',
    ],
    explanation:
      'A request with no token and no client certificate is not refused as unauthenticated where anonymous requests are allowed: it goes on as User system:anonymous of group system:unauthenticated, and is then denied by RBAC. So the message looks like a missing right, while in truth the credentials are missing. A wrong or expired token gives another answer: Unauthorized.',
    confirm: [
      'Read the user in the message: it is system:anonymous.',
      'With good credentials the API server says who you are:',
      '$ kubectl auth whoami',
    ],
    example: 'forbidden: User "system:anonymous" cannot get path "/metrics"',
  },
};

function roleMissingRemedy(facts: Facts): string[] {
  const drop = ['Or, if nobody needs it any more:', ...commands(facts['remove'] ?? 'kubectl delete rolebinding NAME')];
  if (facts['own'] !== undefined)
    return [
      `${fact(facts, 'role')} is one of Kubernetes' own roles, which every API server creates again when it starts. On a kubeadm control plane, on one node after the other:`,
      '$ mv /etc/kubernetes/manifests/kube-apiserver.yaml /tmp/ && sleep 20 && mv /tmp/kube-apiserver.yaml /etc/kubernetes/manifests/',
      ...drop,
    ];
  if (facts['instead'] !== undefined)
    return [
      `There is a ${facts['instead']}, which is most likely meant. Make the binding anew with it:`,
      feed(facts, replace),
      ...drop,
    ];
  if (facts['copy'] !== undefined)
    return [
      `${facts['copy']} has that name, but counts only in its own namespace. Copy it here:`,
      feed(facts, 'kubectl apply'),
      ...drop,
    ];
  // Without any facts this is `explain`, which shows the whole way.
  if (facts['denied'] !== undefined || facts['role'] === undefined)
    return [
      'Install the role from where the binding came from (chart, kustomization, bundle). If that is lost, this role allows what is on record as denied; more may follow:',
      feed(facts, 'kubectl apply'),
      ...drop,
    ];
  return [
    'Install the role from where the binding came from (chart, kustomization, bundle). Nothing is on record as denied, so what the role should allow cannot be told from here.',
    ...drop,
  ];
}

function createSubject(facts: Facts): string[] {
  return [
    `If ${fact(facts, 'subject')} is meant, create it:`,
    feed(facts, 'kubectl apply'),
    'Otherwise correct the name where it comes from: in the chart, the kustomization or the manifest.',
  ];
}

function renameSubject(facts: Facts): string[] {
  return [
    `There is a ${fact(facts, 'instead')}, which is most likely meant. Name it in the binding:`,
    feed(facts, 'kubectl apply'),
    'And correct the chart or manifest that the binding comes from, or the next upgrade brings the fault back.',
  ];
}
