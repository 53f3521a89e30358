import { readFile } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { Agent, request } from 'node:https';
import path from 'node:path';
import { text, record, type Json } from '../../shared/kube/json.ts';

/**
 * The API server as a pod reaches it, in plain JSON. A full client takes longer to load than the webhook to start, and
 * what is needed here is a handful of requests.
 */
export interface Api {
  /** Any answer is fine; only a broken connection throws. */
  readonly send: (method: string, url: string, body?: unknown, type?: string) => Promise<ApiAnswer>;
  /** Hands over each event of a watch; ends when the server or `signal` ends it, throws when the connection breaks. */
  readonly watch: (url: string, event: (event: Json) => void, signal: AbortSignal) => Promise<void>;
}

export interface ApiAnswer {
  readonly status: number;
  readonly body: Json;
}

/** How long one request may take; a watch is ended by the server after four minutes. */
const patience = 15_000;
const watchPatience = 300_000;

/** `account` is the folder that the kubelet mounts into a pod: `token` (read anew, for it is renewed) and `ca.crt`. */
export async function connect(server: URL, account: string): Promise<Api> {
  const ca = await readFile(path.join(account, 'ca.crt'), 'utf8');
  const agent = new Agent({ keepAlive: true, ca, maxSockets: 8 });
  const open = async (method: string, url: string, type: string, timeout: number, signal?: AbortSignal) => {
    const token = (await readFile(path.join(account, 'token'), 'utf8')).trim();
    const headers = { authorization: `Bearer ${token}`, accept: 'application/json', 'content-type': type };
    return request(new URL(url, server), { method, agent, headers, timeout, signal });
  };
  return {
    send: async (method, url, body, type = 'application/json') => {
      const outgoing = await open(method, url, type, patience);
      return new Promise((resolve, reject) => {
        outgoing.on('timeout', () => outgoing.destroy(new Error('the API server did not answer')));
        outgoing.on('error', reject);
        outgoing.on('response', (incoming) => answerOf(incoming).then(resolve, reject));
        outgoing.end(body === undefined ? undefined : JSON.stringify(body));
      });
    },
    watch: async (url, event, signal) => {
      const outgoing = await open('GET', url, 'application/json', watchPatience, signal);
      return new Promise((resolve, reject) => {
        outgoing.on('timeout', () => outgoing.destroy(new Error('the watch fell silent')));
        outgoing.on('error', reject);
        outgoing.on('response', (incoming) => {
          if (incoming.statusCode !== 200) {
            // No event, and the same again at once if it were taken for one.
            answerOf(incoming).then((answer) => reject(new Error(complaintOf(answer))), reject);
            return;
          }
          let rest = '';
          incoming.setEncoding('utf8');
          incoming.on('error', reject);
          incoming.on('end', resolve);
          incoming.on('data', (chunk: string) => {
            const lines = (rest + chunk).split('\n');
            rest = lines.pop() ?? '';
            for (const line of lines) event(parse(line));
          });
        });
        outgoing.end();
      });
    },
  };
}

async function answerOf(incoming: IncomingMessage): Promise<ApiAnswer> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  return { status: incoming.statusCode ?? 0, body: parse(Buffer.concat(chunks).toString()) };
}

function parse(body: string): Json {
  try {
    return record(JSON.parse(body));
  } catch {
    return { message: body.slice(0, 200) };
  }
}

/** What an answer complains of, for a log. */
export function complaintOf({ status, body }: ApiAnswer): string {
  return `${status} ${text(body['message']) ?? ''}`.trim();
}
