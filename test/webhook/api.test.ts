import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import type { Json } from '../../shared/kube/json.ts';
import { connect, type Api } from '../../webhook/cluster/api.ts';
import { keep } from '../../webhook/cluster/watch.ts';
import { issue } from '../x509.ts';

const leaf = issue({ cn: 'api', names: ['IP:127.0.0.1'] });

/** An API server that answers as a real one cannot be made to. */
async function serving(
  t: TestContext,
  answer: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<Api> {
  const account = mkdtempSync(path.join(tmpdir(), 'airgap-account-'));
  writeFileSync(path.join(account, 'token'), 'secret-token\n');
  writeFileSync(path.join(account, 'ca.crt'), leaf.pem);
  const server = createServer({ cert: leaf.pem, key: leaf.keyPem }, answer);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    server.closeAllConnections();
    server.close();
    rmSync(account, { recursive: true });
  });
  return connect(new URL(`https://127.0.0.1:${(server.address() as AddressInfo).port}`), account);
}

const list = JSON.stringify({ metadata: { resourceVersion: '1' }, items: [{ metadata: { name: 'a' } }] });
const event = (type: string, object: object): string => `${JSON.stringify({ type, object })}\n`;

test('a watch that is refused is no event, and is not asked for again at once', async (t) => {
  let watches = 0;
  const api = await serving(t, ({ url = '' }, response) => {
    if (!url.includes('watch=1')) return void response.end(list);
    watches += 1;
    response.writeHead(403);
    response.end(`${JSON.stringify({ kind: 'Status', message: 'no watch for you' })}\n`);
  });
  const seen: string[][] = [];
  const troubles: string[] = [];
  const stopping = new AbortController();
  const refused = Promise.withResolvers<void>();
  const kept = keep(
    api,
    '/things',
    (objects) => seen.push([...objects.keys()]),
    (problem) => {
      troubles.push(problem);
      refused.resolve();
    },
    stopping.signal,
  );
  await refused.promise;
  await wait(300);
  stopping.abort();
  await kept;
  assert.ok(watches >= 1 && watches <= 3, `${watches} watches`);
  assert.ok(seen.every((names) => names.join() === 'a'));
  assert.deepEqual(troubles.slice(0, 1), ['/things: 403 no watch for you']);
});

test('events are taken in pieces as they come, and an error event begins anew', async (t) => {
  let lists = 0;
  const api = await serving(t, ({ url = '', headers }, response) => {
    assert.equal(headers.authorization, 'Bearer secret-token');
    if (!url.includes('watch=1')) {
      lists += 1;
      return void response.end(list);
    }
    const added = event('ADDED', { metadata: { name: 'b', resourceVersion: '2' } });
    response.write(added.slice(0, 20));
    setTimeout(() => {
      response.write(added.slice(20) + event('BOOKMARK', { metadata: { resourceVersion: '3' } }));
      response.end(event('DELETED', { metadata: { name: 'a' } }) + event('ERROR', { code: 410 }));
    }, 20);
  });
  const seen: string[] = [];
  const stopping = new AbortController();
  const changed = (objects: ReadonlyMap<string, Json>): void => {
    seen.push([...objects.keys()].join());
    if (lists === 2) stopping.abort();
  };
  await keep(api, '/things', changed, (problem) => assert.fail(problem), stopping.signal);
  assert.deepEqual(seen, ['a', 'a,b', 'b', 'a']);
});
