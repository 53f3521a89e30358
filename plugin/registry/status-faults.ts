import { array, record, text } from '../../shared/kube/json.ts';
import type { Fault, FaultCode } from '../../shared/registry/fault.ts';
import { errorLimit, readBody } from './body.ts';
import { oneLine } from './error-faults.ts';
import type { Answer } from './exchange.ts';

const byStatus: Readonly<Record<number, FaultCode>> = {
  401: 'unauthorized',
  403: 'denied',
  404: 'not-found',
  408: 'silent',
  // Harbor answers so where a project refuses an image for its findings or its missing signature.
  412: 'blocked-by-policy',
  429: 'rate-limited',
  451: 'blocked-by-policy',
};

/** Reads an answer that is no success and says what it means. */
export async function statusFault(answer: Answer, milliseconds: number): Promise<Fault> {
  const read = answer.headers['content-length'] === '0' ? null : await readBody(answer, errorLimit, milliseconds);
  const body = read?.ok === true ? new TextDecoder().decode(read.value) : '';
  const said = registryError(body);
  const wait = retryAfter(answer.headers['retry-after']);
  return {
    code: codeOf(answer, body, said),
    host: answer.url.host,
    role: answer.role,
    detail: said === undefined ? `it answered ${answer.status}` : `it answered ${answer.status}: ${said}`,
    status: answer.status,
    ...(wait === undefined ? {} : { retryAfter: wait }),
  };
}

function codeOf(answer: Answer, body: string, said: string | undefined): FaultCode {
  if (said !== undefined && /due to configured policy|vulnerab|not signed/i.test(said)) return 'blocked-by-policy';
  if (said !== undefined && /toomanyrequests/i.test(said)) return 'rate-limited';
  if (answer.status >= 500) return 'server-error';
  if (isPage(answer, body) && answer.status !== 401 && answer.status !== 429) return 'not-a-registry';
  return byStatus[answer.status] ?? 'unexpected-status';
}

/** A web page where the distribution API speaks JSON. */
export function isPage(answer: Answer, start: string): boolean {
  return (
    /^text\/html\b/i.test(answer.headers['content-type'] ?? '') || /^\s*<(?:!doctype|html|head|body)\b/i.test(start)
  );
}

/** `errors: [{code, message}]` of the specification, and `{details}` or `{message}` of token services. */
function registryError(body: string): string | undefined {
  let json;
  try {
    json = record(JSON.parse(body));
  } catch {
    return undefined;
  }
  const first = record(array(json['errors'])[0]);
  const words = [text(first['code']), text(first['message']) ?? text(json['details']) ?? text(json['message'])];
  const said = words.filter((word) => word !== undefined).join(': ');
  return said === '' ? undefined : oneLine(said);
}

/** Seconds, from either form of the header (RFC 9110, section 10.2.3). */
function retryAfter(header: string | undefined, now = Date.now()): number | undefined {
  if (header === undefined) return undefined;
  if (/^\d{1,9}$/.test(header.trim())) return Number(header);
  const date = Date.parse(header);
  return Number.isNaN(date) ? undefined : Math.max(0, Math.ceil((date - now) / 1000));
}
