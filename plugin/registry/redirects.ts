import type { Fault, FaultCode, Outcome } from '../../shared/registry/fault.ts';
import { dropBody } from './body.ts';
import { exchange, type Answer, type Call } from './exchange.ts';
import type { Reach } from './named-hosts.ts';
import type { Wire } from './wire.ts';

const redirectLimit = 5;
const redirects = new Set([301, 302, 303, 307, 308]);

/**
 * Sends a call and follows where the answer points: at most five times, never twice to the same address, never from
 * HTTPS to plain HTTP, and only to hosts that may be contacted. Credentials stay behind when the origin changes.
 */
export async function follow(wire: Wire, reach: Reach, registry: URL, first: Call): Promise<Outcome<Answer>> {
  const seen = new Set<string>();
  let call = first;
  for (;;) {
    seen.add(call.url.href);
    const outcome = await exchange(wire, call);
    if (!outcome.ok) return outcome;
    const answer = outcome.value;
    const location = answer.headers.location;
    if (!redirects.has(answer.status) || location === undefined) return outcome;
    dropBody(answer);
    const fail = (code: FaultCode, detail: string, host = call.url.host): Outcome<never> => {
      const fault: Fault = { code, host, role: code === 'host-not-named' ? 'redirect target' : call.role, detail };
      return { ok: false, fault };
    };
    // A deletion that was asked of one registry is never carried out at another address.
    if (call.method === 'DELETE')
      return fail('unexpected-status', `it answered the deletion with a redirect (${answer.status}); not followed`);
    if (!URL.canParse(location, call.url))
      return fail('unexpected-status', 'it redirects to something that is no address');
    const url = new URL(location, call.url);
    if (url.protocol !== 'https:' && url.protocol !== 'http:')
      return fail('unexpected-status', `it redirects to ${url.protocol}`);
    if (seen.has(url.href)) return fail('redirect-circle', `it redirects in a circle: ${circle(seen, url)}`);
    if (seen.size > redirectLimit) return fail('too-many-redirects', `it redirects more than ${redirectLimit} times`);
    if (!reach.mayContact(url, registry))
      return fail(
        'host-not-named',
        `${call.url.host} redirects to ${url.host}, which is not one of the registries you named; not contacted`,
        url.host,
      );
    if (url.protocol === 'http:' && !reach.mayBePlain(url, registry))
      return fail('downgrade', `it redirects to plain HTTP at ${url.host}; not followed`);
    call = next(call, url, registry);
  }
}

function next(call: Call, url: URL, registry: URL): Call {
  const { authorization: _left, ...others } = call.headers;
  const { form: _form, ...bare } = call;
  return {
    ...bare,
    url,
    // A form holds a refresh token; whatever the status asks for, it is not sent on.
    method: call.method === 'POST' ? 'GET' : call.method,
    headers: url.origin === call.url.origin ? call.headers : others,
    role: url.host === registry.host ? call.role : call.role === 'token service' ? call.role : 'redirect target',
  };
}

/** The hosts and paths of the circle; queries hold signatures and stay out. */
function circle(seen: ReadonlySet<string>, back: URL): string {
  const addresses = [...seen].map((href) => new URL(href));
  const start = addresses.findIndex((url) => url.href === back.href);
  return [...addresses.slice(start), back].map((url) => url.host + url.pathname).join(' → ');
}
