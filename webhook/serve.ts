import type { AddressInfo } from 'node:net';
import type { Server as TlsServer } from 'node:tls';
import { setTimeout as wait } from 'node:timers/promises';
import { fastify } from 'fastify';
import { AirgapError, messageOf } from '../shared/errors.ts';
import { whyUnusable, type ServingCertificate } from './certificate.ts';
import { logDecision, type Log } from './log.ts';
import type { Metrics } from './metrics.ts';
import type { Listening } from './options.ts';
import { createOwnerLoops, type OwnerLoop } from './owner-loop.ts';
import type { Knowledge } from './review.ts';
import { buildServer } from './server.ts';

/** What changes while the server runs: each part is replaced as a whole, so that a request sees one state or the next. */
export interface State {
  /** Null until policies and namespaces have been read for the first time: nothing can be decided before. */
  knowledge: Knowledge | null;
  /** What to wait for before a namespace can be judged in; null where there is nothing. */
  readonly settled: (namespace: string) => Promise<void> | null;
  policyCurrent: boolean;
  certificate: ServingCertificate;
}

export interface Running {
  readonly port: number;
  readonly metricsPort: number;
  readonly useCertificate: (certificate: ServingCertificate) => void;
  /** Says not ready, answers what is under way, closes. */
  readonly stop: () => Promise<void>;
}

interface Reporting {
  readonly log: Log;
  readonly metrics: Metrics;
  /** Told of each owner that fights the webhook, beside log and metric. */
  readonly looping?: (loop: OwnerLoop) => void;
}

/** Starts the HTTPS server and the one for metrics. */
export async function serve(options: Listening, state: State, { log, metrics, looping }: Reporting): Promise<Running> {
  const ownerLoop = createOwnerLoops();
  let stopping = false;
  const unready = (): string | null => (stopping ? 'stopping' : whyUnready(state));
  const server = buildServer({
    knowledge: () => state.knowledge,
    settled: state.settled,
    unready,
    // The API server keeps its connections, also to a pod that is no longer behind the Service. One that it is told to
    // close is not used again; one that is closed under it may be, at that moment, by a request that is then lost.
    leaving: () => stopping,
    tls: state.certificate,
    answered: (webhook, facts, seconds) => {
      metrics.answered(webhook, facts, seconds);
      logDecision(log, webhook, facts);
      const loop = ownerLoop(webhook, facts, Date.now());
      if (loop === null) return;
      const { namespace, owner, times, policy, hint } = loop;
      metrics.ownerLoop(namespace, owner.kind);
      log('warning', 'an owner keeps recreating a pod whose images were rewritten', {
        namespace,
        owner: `${owner.kind}/${owner.name}`,
        times,
        policy,
        hint,
      });
      looping?.(loop);
    },
    refused: (webhook, code, problem) => {
      metrics.refused(code);
      log('warning', 'refused a request', { webhook, code, problem });
    },
  });
  const metricsServer = buildMetrics(state, metrics, unready);
  await listen(server, options.host, options.port);
  await listen(metricsServer, options.host, options.metricsPort);
  const running: Running = {
    port: portOf(server.server.address()),
    metricsPort: portOf(metricsServer.server.address()),
    useCertificate: (certificate) => {
      state.certificate = certificate;
      const { cert, key } = certificate;
      // Connections that are open keep the old one; every new one gets this.
      (server.server as unknown as TlsServer).setSecureContext({ cert, key, minVersion: 'TLSv1.2' });
    },
    stop: async () => {
      stopping = true;
      log('info', 'stopping');
      await wait(options.shutdownDelay * 1000);
      await server.close();
      await metricsServer.close();
      log('info', 'stopped');
    },
  };
  const { port, metricsPort } = running;
  log('info', 'serving', {
    host: options.host,
    port,
    metricsPort,
    policies: (state.knowledge?.policies ?? []).map(({ name, mode }) => `${name} (${mode})`),
    certificateNotAfter: state.certificate.notAfter.toISOString(),
  });
  return running;
}

function whyUnready({ knowledge, certificate }: State): string | null {
  return knowledge === null ? 'the policies have not been read yet' : whyUnusable(certificate, new Date());
}

function buildMetrics(state: State, metrics: Metrics, unready: () => string | null): ReturnType<typeof fastify> {
  const server = fastify({ logger: false, forceCloseConnections: true, requestTimeout: 10_000 });
  server.get('/metrics', async (_request, reply) =>
    reply.header('content-type', 'text/plain; version=0.0.4; charset=utf-8').send(
      metrics.text({
        policies: state.knowledge?.policies ?? [],
        policyCurrent: state.policyCurrent,
        certificateExpiry: state.certificate.notAfter.getTime() / 1000,
        residentBytes: process.memoryUsage.rss(),
      }),
    ),
  );
  server.get('/readyz', async (_request, reply) => {
    const why = unready();
    return reply.code(why === null ? 200 : 503).send(`${why ?? 'ok'}\n`);
  });
  return server;
}

async function listen(
  server: { listen: (options: { host: string; port: number }) => Promise<string> },
  host: string,
  port: number,
): Promise<void> {
  try {
    await server.listen({ host, port });
  } catch (error) {
    throw new AirgapError(
      'usage',
      `${host}:${port} cannot be listened on: ${messageOf(error)}.`,
      'Choose another --host or --port.',
      error,
    );
  }
}

function portOf(address: AddressInfo | string | null): number {
  return typeof address === 'object' && address !== null ? address.port : 0;
}
