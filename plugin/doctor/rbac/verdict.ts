import type { Binding, Role, Subject } from '../../../shared/kube/rbac.ts';
import { may } from '../../../shared/rbac/policy.ts';
import type { Request } from '../../../shared/rbac/request.ts';
import { allows } from '../../../shared/rbac/rule.ts';
import { accountOf, groupsAreKnown, userOf, who } from '../../../shared/rbac/who.ts';
import type { Snapshot } from '../../cluster/snapshot.ts';
import type { Confidence } from '../finding.ts';
import type { Access } from './access.ts';
import type { Denial } from './denial.ts';
import { reported, type Reported } from './reports.ts';

type RequestDenial = Extract<Denial, { kind: 'request' }>;

/** Why a reported request is still denied; each check of the family reports one arm, so that no fault is told twice. */
type Why =
  | { readonly why: 'anonymous' }
  /** Bindings apply, but the role they name is gone. */
  | { readonly why: 'dangling'; readonly bindings: readonly Binding[] }
  /** A role that nothing binds would allow it. */
  | { readonly why: 'unbound'; readonly role: Role }
  | { readonly why: 'no-rule' };

export type StillDenied = Why & {
  readonly denial: RequestDenial;
  readonly reports: readonly Reported[];
  readonly confidence: Confidence;
};

/** Reported requests that the RBAC objects at hand still do not allow; what was cured since is left out. */
export function stillDenied(snapshot: Snapshot, access: Access): StillDenied[] {
  const requests = reported(snapshot).filter(({ denial }) => denial.kind === 'request');
  const same = Map.groupBy(requests, ({ denial }) =>
    denial.kind === 'request' ? JSON.stringify([denial.user, denial.request]) : '',
  );
  const isGone = goneAccounts(snapshot);
  return [...same.values()].flatMap((reports): StillDenied[] => {
    const denial = reports[0]?.denial;
    if (denial?.kind !== 'request') return [];
    const { user, request } = denial;
    // Nodes are authorized by another authorizer; a role would not be the cure.
    if (user.startsWith('system:node:')) return [];
    if (isGone(user)) return [];
    const answer = may(access.policy, who(user), request);
    if (answer.allowed) return [];
    const confidence: Confidence = access.complete && groupsAreKnown(user) ? 'certain' : 'likely';
    const found = { denial, reports, confidence };
    if (user === 'system:anonymous') return [{ ...found, why: 'anonymous' }];
    if (!access.complete) return [{ ...found, why: 'no-rule' }];
    const bindings = answer.dangling.filter(({ subjects }) => !subjects.every(isEverybody));
    if (bindings.length > 0) return [{ ...found, why: 'dangling', bindings }];
    const role = unboundRole(access, user, request);
    return [role === undefined ? { ...found, why: 'no-rule' } : { ...found, why: 'unbound', role }];
  });
}

/** Whether an account was deleted since: nobody is denied any more. Where none of its namespace was read, none can tell. */
function goneAccounts({ serviceaccounts }: Snapshot): (user: string) => boolean {
  if (serviceaccounts.gap !== null) return () => false;
  const there = new Set(serviceaccounts.items.map(({ meta }) => userOf(meta)));
  const seen = new Set(serviceaccounts.items.map(({ meta }) => meta.namespace));
  return (user) => seen.has(accountOf(user)?.namespace ?? '') && !there.has(user);
}

/** A dangling binding of everybody was hardly meant to allow what one account lacks. */
function isEverybody({ kind, name }: Subject): boolean {
  return (
    kind === 'Group' && ['system:authenticated', 'system:unauthenticated', 'system:serviceaccounts'].includes(name)
  );
}

/** A role that would allow the request, that nobody is bound to, and that its author meant for somebody narrow. */
function unboundRole(access: Access, user: string, request: Request): Role | undefined {
  const account = accountOf(user);
  if (account === undefined || 'path' in request) return undefined;
  const { namespace } = request;
  const here = namespace === '' ? [] : (access.unbound.get(namespace) ?? []);
  const everywhere = (access.unbound.get('') ?? []).filter(({ meta }) => meta.name.includes(account.name));
  const candidates = [...here, ...everywhere].filter(({ rules }) =>
    rules.some((rule) => !rule.verbs.includes('*') && !rule.resources.includes('*') && allows(rule, request)),
  );
  return candidates.toSorted((a, b) => likeness(b, account.name) - likeness(a, account.name))[0];
}

function likeness({ meta }: Role, account: string): number {
  return (meta.namespace === '' ? 0 : 2) + (meta.name.includes(account) ? 1 : 0);
}

/** Somebody as a subject of a binding. */
export function subjectOf(user: string): Subject {
  const account = accountOf(user);
  return account === undefined
    ? { kind: 'User', namespace: '', name: user }
    : { kind: 'ServiceAccount', namespace: account.namespace, name: account.name };
}
