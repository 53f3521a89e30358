import type { IncomingHttpHeaders } from 'node:http';
import type { Outcome } from '../../shared/registry/fault.ts';
import { dropBody, readStart } from './body.ts';
import type { Line } from './line.ts';
import { isPage, statusFault } from './status-faults.ts';

/** What a registry says to `GET /v2/` before it knows who asks. */
export interface Greeting {
  readonly base: URL;
  /** It wants to know who asks. */
  readonly guarded: boolean;
  /** The headers of its answer: what it is can be read from them, if at all. */
  readonly headers: IncomingHttpHeaders;
}

/** `GET /v2/` without credentials: a registry answers 200, or 401 where it wants to know who asks. */
export async function ping(line: Line): Promise<Outcome<Greeting>> {
  const outcome = await line.ask('/v2/', 'GET');
  if (!outcome.ok) return outcome;
  const answer = outcome.value;
  if (answer.status === 401) {
    dropBody(answer);
    return { ok: true, value: { base: line.base, guarded: true, headers: answer.headers } };
  }
  if (answer.status !== 200) {
    const fault = await statusFault(answer, line.patience.document);
    // Only an image can be missing: a server without /v2/ is no registry, or not at this address.
    if (fault.code === 'not-found') return { ok: false, fault: { ...fault, code: 'unexpected-status' } };
    // One that forbids its root to strangers may still serve its repositories.
    const speaks = answer.headers['docker-distribution-api-version'] !== undefined;
    return speaks && fault.code === 'denied'
      ? { ok: true, value: { base: line.base, guarded: true, headers: answer.headers } }
      : { ok: false, fault };
  }
  const start = await readStart(answer.stream, 64);
  if (start !== null && isPage(answer, new TextDecoder().decode(start))) {
    const detail = 'it answered /v2/ with a web page';
    return {
      ok: false,
      fault: { code: 'not-a-registry', host: line.base.host, role: 'registry', detail, status: 200 },
    };
  }
  return { ok: true, value: { base: line.base, guarded: false, headers: answer.headers } };
}

/** `GET /v2/` as the keychain says; shows whether the credentials and the token service work before any image is asked for. */
export async function logIn(line: Line): Promise<Outcome<null>> {
  const outcome = await line.ask('/v2/', 'GET');
  if (!outcome.ok) return outcome;
  if (outcome.value.status !== 200)
    return { ok: false, fault: await statusFault(outcome.value, line.patience.document) };
  dropBody(outcome.value);
  return { ok: true, value: null };
}
