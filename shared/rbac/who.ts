/** Somebody as the API server knows them after authentication. */
export interface Who {
  readonly user: string;
  readonly groups: readonly string[];
}

export interface AccountName {
  readonly namespace: string;
  readonly name: string;
}

const prefix = 'system:serviceaccount:';

/** The service account behind `system:serviceaccount:NAMESPACE:NAME`; undefined for any other user. */
export function accountOf(user: string): AccountName | undefined {
  if (!user.startsWith(prefix)) return undefined;
  const [namespace, name, ...more] = user.slice(prefix.length).split(':');
  if (namespace === undefined || namespace === '' || name === undefined || name === '' || more.length > 0)
    return undefined;
  return { namespace, name };
}

export function userOf({ namespace, name }: AccountName): string {
  return `${prefix}${namespace}:${name}`;
}

/**
 * A user with the groups that the API server itself gives: those of a service account, of a node, of somebody
 * anonymous. Groups that come from a certificate or an identity provider must be told in `known`.
 */
export function who(user: string, known: readonly string[] = []): Who {
  return { user, groups: [...new Set([...known, ...builtIn(user)])] };
}

/** Whether the name alone tells every group of this user. */
export function groupsAreKnown(user: string): boolean {
  return user === 'system:anonymous' || accountOf(user) !== undefined;
}

function builtIn(user: string): string[] {
  const account = accountOf(user);
  if (account !== undefined)
    return ['system:serviceaccounts', `system:serviceaccounts:${account.namespace}`, 'system:authenticated'];
  if (user === 'system:anonymous') return ['system:unauthenticated'];
  if (user.startsWith('system:node:')) return ['system:nodes', 'system:authenticated'];
  return ['system:authenticated'];
}
