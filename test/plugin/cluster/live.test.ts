import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { AirgapError } from '../../../shared/errors.ts';
import { record } from '../../../shared/kube/json.ts';
import { kinds } from '../../../plugin/cluster/kinds.ts';
import { openLive } from '../../../plugin/cluster/live.ts';
import type { Gap } from '../../../plugin/cluster/snapshot.ts';
import { fakeApi, json, podPage, status, type FakeApi } from '../../fake/api-server.ts';

const pods = { group: '', version: 'v1', plural: 'pods', kind: 'Pod', namespaced: true };

async function list(
  api: FakeApi,
  options: { namespace?: string } = {},
  type = pods,
): Promise<{ names: string[]; gap: Gap | null }> {
  const cluster = await openLive(api.connection, { registries: [] });
  const names: string[] = [];
  const gap = await cluster.list(type, (raw) => names.push(String(record(raw['metadata'])['name'])), options);
  return { names, gap };
}
const range = (from: number, to: number): string[] => Array.from({ length: to - from }, (_, i) => `pod-${from + i}`);

test('a list is read page by page, to its end', async () => {
  await using api = await fakeApi((_, response, url) => {
    const token = url.searchParams.get('continue');
    json(response, 200, token === null ? podPage(0, 3, 'next') : podPage(3, 5));
  });
  assert.deepEqual(await list(api), { names: range(0, 5), gap: null });
  assert.deepEqual(api.requests.slice(1), ['GET /api/v1/pods?limit=500', 'GET /api/v1/pods?limit=500&continue=next']);
});

test('a list that breaks off keeps what came and says what happened', async () => {
  await using api = await fakeApi((_, response, url) => {
    if (url.searchParams.get('continue') === null) json(response, 200, podPage(0, 3, 'next'));
    else status(response, 500, 'etcdserver: request timed out', {}, { 'retry-after': '0' });
  });
  const { names, gap } = await list(api);
  assert.deepEqual(names, range(0, 3));
  assert.deepEqual(gap, {
    why: 'failed',
    reason: 'could not list pods at the cluster scope: etcdserver: request timed out',
  });
  assert.equal(api.requests.length, 2 + 4);
});

test('an expired continue token is replaced by the one the server offers', async () => {
  await using api = await fakeApi((_, response, url) => {
    const token = url.searchParams.get('continue');
    if (token === null) json(response, 200, podPage(0, 3, 'old'));
    else if (token === 'old')
      status(response, 410, 'the provided continue parameter is too old', { metadata: { continue: 'fresh' } });
    else json(response, 200, podPage(3, 5));
  });
  assert.deepEqual(await list(api), { names: range(0, 5), gap: null });
});

test('without a token on offer the list starts again, and no object is told twice', async () => {
  let starts = 0;
  await using api = await fakeApi((_, response, url) => {
    if (url.searchParams.get('continue') !== null) status(response, 410, 'too old');
    else json(response, 200, (starts += 1) === 1 ? podPage(0, 3, 'old') : podPage(0, 5));
  });
  assert.deepEqual(await list(api), { names: range(0, 5), gap: null });
});

test('a list that expires for ever ends', async () => {
  await using api = await fakeApi((_, response) => status(response, 410, 'too old'));
  const { gap } = await list(api);
  assert.equal(gap?.why, 'failed');
  assert.ok(api.requests.length < 6);
});

test('a page that is cut off is read again, each object once', async () => {
  let cuts = 2;
  await using api = await fakeApi((_, response) => {
    const body = JSON.stringify(podPage(0, 50));
    if (cuts-- > 0) {
      response.writeHead(200, { 'content-length': body.length });
      response.write(body.slice(0, body.length / 2), () => response.destroy());
    } else response.end(body);
  });
  assert.deepEqual(await list(api), { names: range(0, 50), gap: null });
});

test('what may not be read is named by the rule that is missing', async () => {
  await using api = await fakeApi((_, response) => status(response, 403, 'pods is forbidden'));
  const rule = '{apiGroups: [""], resources: [pods], verbs: [list]}';
  assert.deepEqual((await list(api)).gap, {
    why: 'forbidden',
    reason: `you may not list pods at the cluster scope; the rule that is missing: ${rule}`,
  });
  assert.deepEqual((await list(api, { namespace: 'web' })).gap, {
    why: 'forbidden',
    reason: `you may not list pods in namespace web; the rule that is missing: ${rule}`,
  });
  assert.ok(api.requests.includes('GET /api/v1/namespaces/web/pods?limit=500'));
});

test('a group that is not served is absent, also to who may list nothing; another version of it is used', async () => {
  const type = {
    group: 'cert-manager.io',
    version: 'v1',
    plural: 'certificates',
    kind: 'Certificate',
    namespaced: true,
  };
  for (const code of [403, 404]) {
    await using api = await fakeApi((_, response, url) =>
      status(response, url.pathname === '/apis/cert-manager.io' ? 404 : code, 'no'),
    );
    assert.deepEqual((await list(api, {}, type)).gap, {
      why: 'absent',
      reason: 'the API server does not serve certificates.cert-manager.io',
    });
  }
  await using api = await fakeApi((_, response, url) => {
    if (url.pathname === '/apis/cert-manager.io')
      json(response, 200, { versions: [{ version: 'v1beta1' }], preferredVersion: { version: 'v1beta1' } });
    else if (url.pathname.startsWith('/apis/cert-manager.io/v1beta1/')) json(response, 200, podPage(0, 2));
    else response.writeHead(404).end('404 page not found');
  });
  assert.deepEqual(await list(api, {}, type), { names: range(0, 2), gap: null });
});

test('garbage in place of a list is a gap in one sentence', async () => {
  for (const body of ['<html>login</html>', '{"kind":"PodList"', '"text"', '{"kind":"Status"}', '\0\0\0']) {
    await using api = await fakeApi((_, response) => response.end(body));
    const { gap } = await list(api);
    assert.equal(gap?.why, 'failed');
    assert.match(
      gap?.reason ?? '',
      /^could not list pods at the cluster scope: What answers at .* does not speak the Kubernetes API$/,
    );
  }
});

test('a server that cannot be used is one error with a hint', async () => {
  const cases = [
    { code: 401, message: /does not accept the credentials/ },
    { code: 500, message: /answers, but only with errors: boom/ },
    { code: 302, message: /does not speak the Kubernetes API/ },
  ];
  for (const { code, message } of cases) {
    await using api = await fakeApi(() => {});
    const connection = {
      ...api.connection,
      request: () =>
        Promise.resolve({
          status: code,
          headers: { location: 'https://login.example.com/?token=secret', 'retry-after': '0' },
          body: Object.assign([Buffer.from('{"message":"boom"}')].values() as unknown as AsyncIterable<Uint8Array>, {
            destroy() {},
          }),
        }),
    };
    await assert.rejects(openLive(connection, { registries: [] }), (error: unknown) => {
      assert.ok(error instanceof AirgapError);
      assert.equal(error.code, 'unreachable');
      assert.match(error.message, message);
      assert.ok(error.hint.length > 10);
      return true;
    });
  }
});

test('nothing listening is an error that says so, soon', async () => {
  const api = await fakeApi(() => {});
  await api[Symbol.asyncDispose]();
  await assert.rejects(openLive(api.connection, { registries: [] }), /Nothing listens at 127\.0\.0\.1:/);
});

// These mostly wait, so they wait together.
describe('a server that takes its time', { concurrency: true }, () => {
  test('the pause that the server asks for is kept', async () => {
    let asked = 0;
    await using api = await fakeApi((_, response) => {
      asked += 1;
      if (asked === 1) status(response, 429, 'too many requests', {}, { 'retry-after': '1' });
      else json(response, 200, podPage(0, 1));
    });
    const before = performance.now();
    assert.equal((await list(api)).gap, null);
    assert.ok(performance.now() - before > 950);
  });

  test('a server that says nothing is given up after --request-timeout', async () => {
    await using api = await fakeApi((_, response) => void response.write('{"kind":"PodList","items":['), {
      requestTimeout: '300ms',
    });
    const { gap } = await list(api);
    assert.match(gap?.reason ?? '', /did not answer in time/);
  });

  test('a page that fails with 429, 500 or 503 is asked for again', async () => {
    for (const code of [429, 500, 503]) {
      let failures = 2;
      await using api = await fakeApi((_, response, url) => {
        if (url.searchParams.get('continue') === null) json(response, 200, podPage(0, 3, 'next'));
        else if (failures-- > 0) status(response, code, 'busy', {}, { 'retry-after': '0' });
        else json(response, 200, podPage(3, 5));
      });
      assert.deepEqual(await list(api), { names: range(0, 5), gap: null });
    }
  });

  test('a message of ten megabytes is cut, and its neighbours are whole', async () => {
    const message = 'x'.repeat(10 << 20);
    const pod = {
      metadata: { name: 'a' },
      status: { containerStatuses: [{ state: { waiting: { reason: 'ErrImagePull', message } } }] },
    };
    await using api = await fakeApi((_, response) =>
      json(response, 200, { kind: 'PodList', metadata: {}, items: [pod, { metadata: { name: 'b' } }] }),
    );
    const cluster = await openLive(api.connection, { registries: [] });
    const read: unknown[] = [];
    assert.equal(await cluster.list(pods, (raw) => read.push(kinds.pods.read(raw))), null);
    assert.equal(read.length, 2);
    assert.ok(JSON.stringify(read[0]).length < 20_000);
  });
});
