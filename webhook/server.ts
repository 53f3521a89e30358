import { fastify, type FastifyInstance, type FastifyReply } from 'fastify';
import { collect, largestBody, type Body } from './body.ts';
import type { Facts, Knowledge, Webhook } from './review.ts';
import { keptFor, type Kept } from './kept.ts';
import { prune } from './prune.ts';
import { namespaceOf, review } from './review.ts';

/** What the server asks of the rest of the program; read anew for every request. */
export interface Surroundings {
  /** Null while too little is known to decide: requests are put off, and the failure policy decides. */
  readonly knowledge: () => Knowledge | null;
  /** What to wait for before a namespace can be judged in; null where there is nothing. */
  readonly settled: (namespace: string) => Promise<void> | null;
  /** Why no request should come here; null when all is well. */
  readonly unready: () => string | null;
  /** Whether the server is about to close: each answer then tells its client to go elsewhere, and ends the connection. */
  readonly leaving: () => boolean;
  readonly tls: { readonly cert: string; readonly key: string } | null;
  /** After an answer: for logs and metrics, never for the decision. */
  readonly answered: (webhook: Webhook, facts: Facts, seconds: number) => void;
  readonly refused: (webhook: string, code: number, problem: string) => void;
}

/** The HTTPS server, not yet listening (plain HTTP where there is no certificate: tests inject requests). */
export function buildServer(surroundings: Surroundings): FastifyInstance {
  const server = fastify({
    https: surroundings.tls === null ? null : { ...surroundings.tls, minVersion: 'TLSv1.2' },
    bodyLimit: largestBody,
    // The API server waits 30 s at most; its client keeps idle connections for 90 s.
    requestTimeout: 30_000,
    keepAliveTimeout: 95_000,
    connectionTimeout: 0,
    forceCloseConnections: 'idle',
    // What comes over a connection that is still open while the server drains is answered as always.
    return503OnClosing: false,
    exposeHeadRoutes: false,
    logger: false,
  }) as unknown as FastifyInstance;
  server.server.headersTimeout = 10_000;
  server.server.maxHeadersCount = 100;

  server.addHook('onSend', async (_request, reply) => {
    if (surroundings.leaving()) reply.header('connection', 'close');
  });
  server.removeAllContentTypeParsers();
  server.addContentTypeParser('application/json', (_request, incoming, done) => collect(incoming, done));
  addWebhook(server, surroundings, 'mutate');
  addWebhook(server, surroundings, 'validate');
  server.get('/healthz', () => 'ok\n');
  server.get('/readyz', async (_request, reply) => {
    const why = surroundings.unready();
    return reply.code(why === null ? 200 : 503).send(why === null ? 'ok\n' : `${why}\n`);
  });
  server.setNotFoundHandler(async (_request, reply) => reply.code(404).send({ message: 'not found' }));
  server.setErrorHandler<{ statusCode?: number; message: string }>(async (error, request, reply) => {
    const code = error.statusCode ?? 500;
    surroundings.refused(request.url.slice(0, 100), code, error.message);
    return reply.code(code).send({ message: code < 500 ? error.message : 'internal error' });
  });
  return server;
}

function addWebhook(server: FastifyInstance, surroundings: Surroundings, webhook: Webhook): void {
  const { knowledge, settled, leaving, answered, refused } = surroundings;
  const refuse = (reply: FastifyReply, code: number, message: string): void => {
    refused(webhook, code, message);
    void reply.code(code).send({ message });
  };
  server.post(`/${webhook}`, (request, reply) => {
    const started = performance.now();
    const known = knowledge();
    if (known === null) return refuse(reply, 503, 'the policies have not been read yet');
    const parsed = parse(request.body as Body | undefined, keptFor(known.policies));
    if (!parsed.ok) return refuse(reply, 400, parsed.problem);
    const waiting = settled(namespaceOf(parsed.value));
    if (waiting === null) return judge(reply, parsed.value, known, started);
    // By the policies that it was read for, and what is known of the namespace now.
    void waiting.then(() =>
      judge(reply, parsed.value, { ...known, namespaces: (knowledge() ?? known).namespaces }, started),
    );
  });

  function judge(reply: FastifyReply, value: unknown, known: Knowledge, started: number): void {
    const reviewed = review(value, webhook, known);
    if (!reviewed.ok) return refuse(reply, 400, reviewed.problem);
    // Fastify's way to send runs hooks that nobody has added, for a third of what a request costs.
    reply.hijack();
    reply.raw.writeHead(200, [
      'content-type',
      'application/json',
      'content-length',
      String(Buffer.byteLength(reviewed.body)),
      ...(leaving() ? ['connection', 'close'] : []),
    ]);
    reply.raw.end(reviewed.body);
    answered(webhook, reviewed.facts, (performance.now() - started) / 1000);
  }
}

function parse(body: Body | undefined, kept: Kept): { ok: true; value: unknown } | { ok: false; problem: string } {
  if (body === undefined) return { ok: false, problem: 'the request has no body' };
  try {
    return { ok: true, value: JSON.parse(prune(body, kept)) };
  } catch {
    return { ok: false, problem: 'the body is not JSON' };
  }
}
