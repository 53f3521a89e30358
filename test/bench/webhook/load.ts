// Sends requests over TLS connections that stay open, to one server after another in short turns, and counts the
// answers. Sockets and ready bytes only: it must cost less than any server. Its argument is a `Plan` as JSON; prints a
// `Turn` for each turn of each target as JSON.
import { readFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { connect, type TLSSocket } from 'node:tls';

export interface Plan {
  readonly targets: readonly Target[];
  readonly connections: number;
  readonly turns: number;
  /** Turns before, which are not counted: compilers and caches get warm. */
  readonly warmUp: number;
  readonly milliseconds: number;
}

export interface Target {
  readonly port: number;
  readonly path: string;
  /** The file with the body of every request. */
  readonly body: string;
  /** The server's process, whose time is read from the kernel. */
  readonly pid: number;
  /** Requests a second; 0 for as many as come. */
  readonly rate: number;
}

export interface Turn {
  readonly perSecond: number;
  /** Microseconds of processor time that the server took for one request. */
  readonly cost: number;
  /** Milliseconds of each request, sorted. From when it was due, so that a server that stalls cannot slow them down. */
  readonly latencies: readonly number[];
  /** Share of its core that this process used: near 1 it would have measured itself. */
  readonly busy: number;
}

interface Connection {
  readonly socket: TLSSocket;
  /** When the request that is under way was due. */
  since: number;
  /** Bytes of the answer that are still to come; null before its head has been read. */
  missing: number | null;
  head: string;
}

type Turns = (milliseconds: number) => Promise<Turn>;

async function open({ port, path, body, pid, rate }: Target, connections: number): Promise<Turns> {
  const bytes = readFileSync(body);
  const head =
    `POST ${path} HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\nuser-agent: kube-apiserver-admission\r\n` +
    `content-type: application/json\r\naccept: application/json, */*\r\ncontent-length: ${bytes.length}\r\n\r\n`;
  const request = Buffer.concat([Buffer.from(head), bytes]);
  const free: Connection[] = [];
  const late: number[] = [];
  let latencies: number[] = [];
  let sending = false;
  let idle = (): void => {};

  const send = (connection: Connection, due: number): void => {
    connection.since = due;
    connection.socket.write(request);
  };
  const receive = (connection: Connection, chunk: Buffer): void => {
    if (connection.missing === null) {
      connection.head += chunk.toString('latin1');
      const end = connection.head.indexOf('\r\n\r\n');
      if (end < 0) return;
      const length = /\r\ncontent-length: (\d+)/i.exec(connection.head)?.[1];
      if (length === undefined || !connection.head.startsWith('HTTP/1.1 200 ')) throw new Error(connection.head);
      connection.missing = Number(length) - (connection.head.length - end - 4);
    } else connection.missing -= chunk.length;
    if (connection.missing > 0) return;
    connection.missing = null;
    connection.head = '';
    const now = performance.now();
    latencies.push(now - connection.since);
    const due = rate > 0 ? late.shift() : sending ? now : undefined;
    if (due !== undefined) return send(connection, due);
    free.push(connection);
    if (free.length === connections) idle();
  };

  await Promise.all(
    Array.from({ length: connections }, () => {
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      const socket = connect({ host: '127.0.0.1', port, rejectUnauthorized: false });
      const connection: Connection = { socket, since: 0, missing: null, head: '' };
      socket.setNoDelay(true);
      socket.on('secureConnect', () => {
        free.push(connection);
        resolve();
      });
      socket.on('data', (chunk: Buffer) => receive(connection, chunk));
      socket.on('error', reject);
      return promise;
    }),
  );

  return async (milliseconds) => {
    latencies = [];
    sending = true;
    const before = { server: processorTime(pid), own: process.cpuUsage() };
    const started = performance.now();
    if (rate === 0) {
      for (const connection of free.splice(0)) send(connection, started);
      await wait(milliseconds);
    } else
      for (let next = started; next < started + milliseconds;) {
        for (; next <= performance.now(); next += 1000 / rate) {
          const connection = free.pop();
          if (connection === undefined) late.push(next);
          else send(connection, next);
        }
        await wait(1);
      }
    sending = false;
    const { promise, resolve } = Promise.withResolvers<void>();
    idle = resolve;
    if (free.length < connections) await promise;
    const passed = performance.now() - started;
    const own = process.cpuUsage(before.own);
    return {
      perSecond: latencies.length / (passed / 1000),
      cost: (processorTime(pid) - before.server) / latencies.length,
      latencies: latencies.sort((a, b) => a - b),
      busy: (own.user + own.system) / 1000 / passed,
    };
  };
}

/** Microseconds that a process has computed so far, all its threads together. */
function processorTime(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) * 10_000;
}

const plan = JSON.parse(process.argv[2] ?? '') as Plan;
const targets = await Promise.all(plan.targets.map((target) => open(target, plan.connections)));
const turns: Turn[][] = targets.map(() => []);
for (let turn = -plan.warmUp; turn < plan.turns; turn += 1)
  for (const [index, take] of targets.entries()) {
    const taken = await take(plan.milliseconds);
    if (turn >= 0) turns[index]?.push(taken);
  }
process.stdout.write(JSON.stringify(turns), () => process.exit(0));
