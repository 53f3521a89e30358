import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { request, type Agent } from 'node:https';
import path from 'node:path';
import { createInterface } from 'node:readline';

const program = path.resolve(import.meta.dirname, '../../webhook/main.ts');

export interface Webhook {
  readonly process: ChildProcessWithoutNullStreams;
  readonly port: number;
  readonly metricsPort: number;
  /** Every log line so far. */
  readonly log: Record<string, unknown>[];
  /** Waits for a log line that holds this text. */
  readonly logged: (text: string) => Promise<Record<string, unknown>>;
}

/** Starts the real program and waits until it serves. */
export async function startWebhook(...flags: string[]): Promise<Webhook> {
  const child = spawn(process.execPath, [program, '--port', '0', ...flags]);
  const end = (): boolean => child.kill('SIGKILL');
  process.once('exit', end);
  const log: Record<string, unknown>[] = [];
  const waiting = new Set<() => void>();
  let complaint = '';
  child.stderr.on('data', (data: Buffer) => {
    complaint += data.toString();
  });
  createInterface(child.stdout).on('line', (line) => {
    log.push(JSON.parse(line) as Record<string, unknown>);
    for (const wake of waiting) wake();
  });
  const ended = once(child, 'exit');
  const logged = async (text: string): Promise<Record<string, unknown>> => {
    const deadline = Date.now() + 15_000;
    for (;;) {
      const found = log.find((line) => JSON.stringify(line).includes(text));
      if (found !== undefined) return found;
      if (child.exitCode !== null || Date.now() > deadline) throw new Error(`no "${text}" was logged: ${complaint}`);
      await Promise.race([
        ended,
        new Promise<void>((resolve) => {
          const wake = (): void => {
            waiting.delete(wake);
            resolve();
          };
          waiting.add(wake);
          setTimeout(wake, 200).unref();
        }),
      ]);
    }
  };
  const serving = await logged('serving');
  return { process: child, port: Number(serving['port']), metricsPort: Number(serving['metricsPort']), log, logged };
}

export interface Answer {
  readonly status: number;
  readonly text: string;
  /** What the server says of the connection that the answer came over. */
  readonly connection: string | undefined;
}

interface Ask {
  readonly method?: string;
  readonly body?: string | Buffer;
  readonly headers?: Readonly<Record<string, string>>;
  readonly agent?: Agent;
  readonly ca?: string;
}

/** One request over HTTPS; `ca` is what the server's certificate must be signed by. */
export async function ask(
  port: number,
  url: string,
  { method = 'GET', body, headers, agent, ca }: Ask = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = request(
      {
        host: '127.0.0.1',
        port,
        path: url,
        method,
        agent,
        ca,
        headers: { 'content-type': 'application/json', ...headers },
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            text: Buffer.concat(chunks).toString(),
            connection: response.headers.connection,
          }),
        );
        response.on('error', reject);
      },
    );
    sent.on('error', reject);
    sent.end(body);
  });
}
