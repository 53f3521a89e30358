import { record, text, number } from '../../shared/kube/json.ts';
import type { Fault, FaultCode, Outcome } from '../../shared/registry/fault.ts';
import { Secret, type Login } from '../../shared/registry/secret.ts';
import { errorLimit, readBody } from './body.ts';
import type { Challenge } from './challenge.ts';
import type { Reach } from './named-hosts.ts';
import { follow } from './redirects.ts';
import { statusFault } from './status-faults.ts';
import type { Wire } from './wire.ts';

export interface Token {
  readonly value: Secret;
  /** Milliseconds since the epoch. */
  readonly expires: number;
}

/**
 * Asks the token service that a Bearer challenge names: with the login where there is one, anonymously where there is
 * none, by POST for an identity token. The service is contacted only where the user's words allow it.
 */
export async function fetchToken(
  wire: Wire,
  reach: Reach,
  registry: URL,
  challenge: Challenge,
  scope: string,
  login: Login | null,
  signal: AbortSignal,
): Promise<Outcome<Token>> {
  const realm = challenge.params['realm'] ?? '';
  const fail = (code: FaultCode, detail: string, host = registry.host): Outcome<never> => ({
    ok: false,
    fault: { code, host, role: 'token service', detail },
  });
  if (!URL.canParse(realm) || !/^https?:$/.test(new URL(realm).protocol))
    return fail('token-service', 'its challenge names no address of a token service');
  const url = new URL(realm);
  // What a challenge puts before the @ would be sent as a login that nobody chose.
  url.username = '';
  url.password = '';
  if (!reach.mayContact(url, registry))
    return fail(
      'host-not-named',
      `the token service ${url.host} is not one of the registries you named; not contacted`,
      url.host,
    );
  if (url.protocol === 'http:' && !reach.mayBePlain(url, registry))
    return fail('downgrade', `the token service ${url.host} speaks plain HTTP; no credentials were sent`, url.host);

  const service = challenge.params['service'];
  const fields = { ...(service === undefined ? {} : { service }), ...(scope === '' ? {} : { scope }) };
  const form = login?.kind === 'identity' ? refreshForm(login.token, fields) : undefined;
  if (form === undefined) for (const [name, value] of Object.entries(fields)) url.searchParams.set(name, value);
  const outcome = await follow(wire, reach, registry, {
    url,
    method: form === undefined ? 'GET' : 'POST',
    headers: {
      accept: 'application/json',
      ...(login?.kind === 'basic' ? { authorization: basicHeader(login) } : {}),
      ...(form === undefined ? {} : { 'content-type': 'application/x-www-form-urlencoded' }),
    },
    ...(form === undefined ? {} : { form }),
    role: 'token service',
    signal,
  });
  if (!outcome.ok) return outcome;
  if (outcome.value.status !== 200)
    return { ok: false, fault: refused(await statusFault(outcome.value, wire.patience.document)) };
  const body = await readBody(outcome.value, errorLimit, wire.patience.document);
  return body.ok ? readToken(body.value, () => fail('token-service', 'its answer holds no token', url.host)) : body;
}

export function basicHeader(login: Login & { kind: 'basic' }): string {
  return `Basic ${Buffer.from(`${login.username.reveal()}:${login.password.reveal()}`).toString('base64')}`;
}

function refreshForm(token: Secret, fields: Readonly<Record<string, string>>): URLSearchParams {
  return new URLSearchParams({
    grant_type: 'refresh_token',
    client_id: 'kubectl-airgap',
    refresh_token: token.reveal(),
    ...fields,
  });
}

/** A token service that knows the credentials and refuses them answers 401, 403 or, for a refresh token, 400. */
function refused(fault: Fault): Fault {
  const code = fault.status === 400 || fault.status === 401 || fault.status === 403 ? 'denied' : 'token-service';
  return { ...fault, code: fault.code === 'rate-limited' ? 'rate-limited' : code };
}

function readToken(body: Uint8Array, fail: () => Outcome<never>): Outcome<Token> {
  let json;
  try {
    json = record(JSON.parse(new TextDecoder().decode(body)));
  } catch {
    return fail();
  }
  const value = text(json['token']) ?? text(json['access_token']);
  // Anything else could not be sent in a header, and would make the next request throw.
  if (value === undefined || !/^[\x21-\x7e]+$/.test(value)) return fail();
  const seconds = Math.max(60, number(json['expires_in']) ?? 60);
  return { ok: true, value: { value: new Secret(value), expires: Date.now() + (seconds - 10) * 1000 } };
}
