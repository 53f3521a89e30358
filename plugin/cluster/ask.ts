import { setTimeout as sleep } from 'node:timers/promises';
import { AirgapError } from '../../shared/errors.ts';
import { record, text, type Json } from '../../shared/kube/json.ts';
import type { ApiResponse, Connection } from './connection.ts';

/** A busy server, a restart, a connection that a proxy cut: the same question may be answered a moment later. */
const transientStatus = new Set([429, 500, 502, 503, 504]);
const transientCode = new Set(['ECONNRESET', 'EPIPE', 'ERR_STREAM_PREMATURE_CLOSE']);
const pausesMs = [250, 500, 1000];
const longestPauseMs = 10_000;
const bodyLimit = 1 << 20;

/** An answer that is not 2xx, read and closed. */
export interface Refusal {
  readonly status: number;
  /** The API server's own words, else what the status means. */
  readonly message: string;
  /** The Status object; empty where something else answered. */
  readonly body: Json;
}

export type Answer = { readonly ok: ApiResponse } | { readonly refused: Refusal };

/**
 * A GET that is tried again, at most three times and as `Retry-After` says, while the server is busy or away. Throws an
 * AirgapError where no answer came.
 */
export async function ask(connection: Connection, path: string, signal?: AbortSignal): Promise<Answer> {
  for (let attempt = 0; ; attempt += 1) {
    let pause = pausesMs[attempt];
    try {
      const response = await connection.request(path, signal === undefined ? {} : { signal });
      if (response.status >= 200 && response.status < 300) return { ok: response };
      const refused = await refusal(response, connection);
      if (!transientStatus.has(refused.status) || pause === undefined) return { refused };
      pause = Math.min(retryAfterMs(response) ?? pause, longestPauseMs);
    } catch (error) {
      if (pause === undefined || !isTransient(error)) throw error;
    }
    await sleep(pause, undefined, signal === undefined ? {} : { signal });
  }
}

/** Whether trying again may help: a connection that was cut, not one that was refused for what it is. */
export function isTransient(error: unknown): boolean {
  const cause = error instanceof AirgapError ? error.cause : error;
  return cause instanceof Error && 'code' in cause && transientCode.has(String(cause.code));
}

/** The whole body as JSON. Throws an AirgapError for more than 1 MiB and for anything but JSON. */
export async function readJson(response: ApiResponse, connection: Connection): Promise<Json> {
  const bytes = await readBounded(response);
  try {
    return record(JSON.parse(bytes.toString('utf8')));
  } catch (error) {
    throw garbage(connection, error);
  }
}

/** What to say when the API server's answer is not the API's language. */
export function garbage(connection: Connection, cause: unknown): AirgapError {
  return new AirgapError(
    'unreachable',
    `What answers at ${connection.server.host} does not speak the Kubernetes API.`,
    'A proxy or a login page may answer in its place; check the server in the kubeconfig.',
    cause,
  );
}

async function readBounded(response: ApiResponse): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of response.body) {
    length += chunk.length;
    if (length > bodyLimit) {
      response.body.destroy();
      break;
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

async function refusal(response: ApiResponse, connection: Connection): Promise<Refusal> {
  let body: Json = {};
  try {
    body = await readJson(response, connection);
  } catch {
    // A proxy's html, or nothing at all: the status alone has to say it.
  }
  const location = String(response.headers['location'] ?? '').replace(/\?.*$/, '');
  const plain =
    location === ''
      ? `HTTP ${response.status}`
      : `HTTP ${response.status}, a redirect to ${location}, which is not followed`;
  return { status: response.status, message: text(body['message'])?.slice(0, 500) ?? plain, body };
}

function retryAfterMs(response: ApiResponse): number | undefined {
  const seconds = response.headers['retry-after'];
  // The other form, a date, is not what an API server sends.
  return typeof seconds === 'string' && /^\d+$/.test(seconds) ? Number(seconds) * 1000 : undefined;
}
