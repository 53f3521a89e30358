import type { Fault, Outcome } from '../../shared/registry/fault.ts';
import { Secret, type Login } from '../../shared/registry/secret.ts';
import { dropBody } from './body.ts';
import { parseChallenges, type Challenge } from './challenge.ts';
import type { Answer } from './exchange.ts';
import type { Keychain } from './keychain.ts';
import type { Reach } from './named-hosts.ts';
import { follow } from './redirects.ts';
import { basicHeader, fetchToken, type Token } from './token.ts';
import type { Wire } from './wire.ts';

export interface Ask {
  readonly url: URL;
  readonly method: 'GET' | 'HEAD' | 'DELETE';
  readonly headers: Readonly<Record<string, string>>;
  /** `host/path`; only the host for requests that are about no repository. */
  readonly repository: string;
  readonly signal: AbortSignal;
}

/** Sends what is asked and answers the registry's challenges; what it learns is remembered for the repository. */
export type Session = (ask: Ask) => Promise<Outcome<Answer>>;

type Permit =
  | { readonly scheme: 'Basic'; readonly value: Secret }
  | { readonly scheme: 'Bearer'; readonly token: Token };

export function openSession(wire: Wire, reach: Reach, keychain: Keychain): Session {
  const permits = new Map<string, Promise<Outcome<Permit>>>();
  /** What each registry asked for once: the next repository brings it along and saves a round trip. */
  const habits = new Map<string, Challenge>();

  const acquire = (ask: Ask, registry: URL, challenge: Challenge): Promise<Outcome<Permit>> => {
    const permit = keychain(ask.repository).then((login) => permitFor(wire, reach, registry, challenge, ask, login));
    permits.set(permitKey(ask), permit);
    return permit;
  };
  const remembered = async (ask: Ask, registry: URL): Promise<Permit | undefined> => {
    const habit = habits.get(registry.origin);
    const known = await permits.get(permitKey(ask));
    if (known?.ok === true && !isOver(known.value)) return known.value;
    if (habit === undefined) return undefined;
    const acquired = await acquire(ask, registry, habit);
    return acquired.ok ? acquired.value : undefined;
  };

  return async (ask) => {
    const registry = new URL(ask.url.origin);
    const send = (permit: Permit | undefined): Promise<Outcome<Answer>> =>
      follow(wire, reach, registry, {
        ...ask,
        headers: { ...ask.headers, ...(permit === undefined ? {} : { authorization: headerOf(permit) }) },
        role: 'registry',
      });
    const permit = await remembered(ask, registry);
    const first = await send(permit);
    // A challenge from anywhere but the registry is not for its credentials.
    if (!first.ok || first.value.status !== 401 || first.value.url.origin !== registry.origin) return first;

    const login = await keychain(ask.repository);
    const challenge = answerable(parseChallenges(first.value.headers['www-authenticate'] ?? ''), login);
    // The same user name and password would be refused again; a token may only have been too old or too narrow.
    if (challenge === undefined || permit?.scheme === 'Basic') return first;
    dropBody(first.value);
    habits.set(registry.origin, { ...challenge, params: { ...challenge.params, scope: '' } });
    const granted = await acquire(ask, registry, challenge);
    if (!granted.ok) return granted;
    const second = await send(granted.value);
    if (!second.ok || second.value.status !== 401) return second;
    permits.delete(permitKey(ask));
    dropBody(second.value);
    return { ok: false, fault: turnedAway(second.value, login) };
  };
}

/** The first challenge that can be met: Bearer works without a login, Basic does not. */
function answerable(challenges: readonly Challenge[], login: Login | null): Challenge | undefined {
  return (
    challenges.find(({ scheme }) => scheme === 'bearer') ??
    (login?.kind === 'basic' ? challenges.find(({ scheme }) => scheme === 'basic') : undefined)
  );
}

async function permitFor(
  wire: Wire,
  reach: Reach,
  registry: URL,
  challenge: Challenge,
  ask: Ask,
  login: Login | null,
): Promise<Outcome<Permit>> {
  if (challenge.scheme === 'basic' && login?.kind === 'basic')
    return { ok: true, value: { scheme: 'Basic', value: new Secret(basicHeader(login)) } };
  if (login?.kind === 'bearer')
    return { ok: true, value: { scheme: 'Bearer', token: { value: login.token, expires: Infinity } } };
  // A proxy in front of several registries may ask for another scope than the repository's own.
  const scope = challenge.params['scope'] || scopeOf(ask);
  const token = await fetchToken(wire, reach, registry, challenge, scope, login, ask.signal);
  return token.ok ? { ok: true, value: { scheme: 'Bearer', token: token.value } } : token;
}

function headerOf(permit: Permit): string {
  return permit.scheme === 'Basic' ? permit.value.reveal() : `Bearer ${permit.token.value.reveal()}`;
}

function isOver(permit: Permit): boolean {
  return permit.scheme === 'Bearer' && permit.token.expires <= Date.now();
}

/** A token to pull with is no token to delete with, and the other way round. */
function permitKey({ repository, method }: Ask): string {
  return method === 'DELETE' ? `${repository} delete` : repository;
}

function scopeOf({ repository, method }: Ask): string {
  const slash = repository.indexOf('/');
  const action = method === 'DELETE' ? 'delete' : 'pull';
  return slash < 0 ? '' : `repository:${repository.slice(slash + 1)}:${action}`;
}

function turnedAway(answer: Answer, login: Login | null): Fault {
  return {
    code: login === null ? 'unauthorized' : 'denied',
    host: answer.url.host,
    role: 'registry',
    detail: login === null ? 'it answered 401 to an anonymous token' : 'it answered 401 to the credentials',
    status: 401,
  };
}
