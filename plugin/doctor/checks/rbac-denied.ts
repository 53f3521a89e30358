import type { Rule } from '../../../shared/kube/rbac.ts';
import { nearMisses } from '../../../shared/rbac/missing.ts';
import { bindingsFor, may, namespaceOf, roleOf } from '../../../shared/rbac/policy.ts';
import { accountOf, who } from '../../../shared/rbac/who.ts';
import type { Check } from '../check.ts';
import type { Finding } from '../finding.ts';
import { accessOf, rbacKinds, type Access } from '../rbac/access.ts';
import { escalationFindings } from '../rbac/escalations.ts';
import { grantYaml, missingAmong, rulesOf } from '../rbac/grant.ts';
import { reportingKinds } from '../rbac/reports.ts';
import { stillDenied, type StillDenied } from '../rbac/verdict.ts';
import { actionsOf, canI, describe, nameOf, placeOf, roleRefName } from '../rbac/words.ts';

export const denied: Check = {
  id: 'AG-RBC-004',
  category: 'rbac',
  title: 'no request that the cluster reports as denied is still denied',
  explanation:
    'Controllers and kubelets write into events and conditions what the API server denied them: read are Warning events, the status of pods, and the conditions of Deployments, HorizontalPodAutoscalers, Flux Kustomizations and HelmReleases, and Argo CD Applications. Each such message is read into who wanted to do what and where, and held against the roles and bindings as they are now: what has been granted since is left out, and so is an account that was deleted since. What is still denied is reported once for each account, with the least role that would allow it. Nodes are left out: another authorizer judges them, and no role would help. Denials that only a container log shows are not seen, unless the container left them as its termination message. Events are kept for an hour.',
  needs: ['events'],
  wants: [...rbacKinds, 'pods', 'serviceaccounts', 'namespaces', ...reportingKinds],
  run(snapshot) {
    const access = accessOf(snapshot);
    const all = stillDenied(snapshot, access);
    const byUser = Map.groupBy(
      all.filter(({ why }) => why === 'no-rule'),
      ({ denial }) => denial.user,
    );
    return [
      ...all.filter(({ why }) => why === 'anonymous').map(anonymous),
      ...[...byUser].flatMap(([user, requests]) => byUserFindings(access, user, requests)),
      ...escalationFindings(snapshot, access),
    ];
  },
};

function anonymous({ denial, reports }: StillDenied): Finding {
  return {
    cause: 'rbac-anonymous',
    confidence: 'certain',
    facts: { action: describe(denial.request) },
    evidence: [denial.text],
    objects: reports.map(({ object }) => object),
  };
}

/** One finding for all namespaces in which a user lacks the same rules. */
function byUserFindings(access: Access, user: string, all: readonly StillDenied[]): Finding[] {
  const byNamespace = Map.groupBy(all, ({ denial }) => namespaceOf(denial.request));
  const lacks = [...byNamespace].map(([namespace, requests]) => ({
    namespace,
    requests,
    rules: rulesOf(requests.map(({ denial }) => denial.request)),
  }));
  const bySameRules = Map.groupBy(lacks, ({ namespace, rules }) => JSON.stringify([namespace === '', rules]));
  return [...bySameRules.values()].map((same) =>
    missing(
      access,
      user,
      same.map(({ namespace }) => namespace),
      same[0]?.rules ?? [],
      same.flatMap(({ requests }) => requests),
    ),
  );
}

function missing(
  access: Access,
  user: string,
  namespaces: readonly string[],
  rules: readonly Rule[],
  requests: readonly StillDenied[],
): Finding {
  const account = accountOf(user);
  const reports = requests.flatMap((one) => one.reports);
  const actions = requests.map(({ denial }) => denial.request);
  return {
    cause: 'rbac-missing-rule',
    confidence: requests.some(({ confidence }) => confidence === 'likely') ? 'likely' : 'certain',
    facts: {
      subject: nameOf(user),
      actions: actionsOf(rulesAsked(requests)),
      place: namespaces.length > 1 ? `in ${namespaces.length} namespaces` : placeOf(namespaces[0] ?? ''),
      manifest: grantYaml(access, user, namespaces, rules),
      verify: [...new Set(actions.slice(0, 3).map((request) => canI(user, request)))].join('\n'),
    },
    evidence: [
      ...new Set(requests.slice(0, 2).map(({ denial }) => denial.text)),
      ...missingAmong(access, namespaces).map((namespace) => `namespace ${namespace} does not exist`),
      ...hints(access, user, requests),
    ],
    objects: [
      ...(account === undefined ? [] : [{ kind: 'ServiceAccount', ...account }]),
      ...reports.map(({ object }) => object),
    ],
  };
}

/** What was asked for, in words, without the verbs that the proposed role adds. */
function rulesAsked(requests: readonly StillDenied[]): Rule[] {
  const asked = rulesOf(requests.map(({ denial }) => denial.request));
  const verbs = new Set(requests.map(({ denial }) => denial.request.verb));
  return asked.map((rule) => ({ ...rule, verbs: rule.verbs.filter((verb) => verbs.has(verb)) }));
}

const parts = { verb: 'verb', group: 'API group', resource: 'resource', name: 'resource name', path: 'path' } as const;

/** What the account has that comes close: a rule that fits but for one part, or the same right in another namespace. */
function hints(access: Access, user: string, requests: readonly StillDenied[]): string[] {
  const lines = new Set<string>();
  const asker = who(user);
  for (const { request } of requests.slice(0, 3).map(({ denial }) => denial)) {
    const roles = bindingsFor(access.policy, asker, namespaceOf(request)).flatMap(
      (binding) => roleOf(access.policy, binding) ?? [],
    );
    for (const { role, rule, part } of nearMisses(roles, request).slice(0, 2))
      if (!role.meta.name.startsWith('system:'))
        lines.add(`${roleRefName(role)} allows ${actionsOf([rule])}: only the ${parts[part]} differs`);
    if ('path' in request || request.namespace !== '') continue;
    const namespaces = [...access.policy.bindings.keys()].filter((namespace) => namespace !== '');
    const held = namespaces.find((namespace) => may(access.policy, asker, { ...request, namespace }).allowed);
    if (held !== undefined)
      lines.add(`it may ${request.verb} ${request.resource} in namespace ${held}, but asked for the whole cluster`);
  }
  return [...lines].slice(0, 3);
}
