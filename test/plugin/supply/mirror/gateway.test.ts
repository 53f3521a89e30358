import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { fillFolder } from '../../../../plugin/supply/mirror/folder/folder.ts';
import { openGateway } from '../../../../plugin/supply/mirror/gateway/gateway.ts';
import { sha256, tinyImage } from '../../../fake/registry.ts';
import { workspace } from '../../commands/workspace.ts';

const folder = await fillFolder(path.join(workspace({}), 'images'));

async function opened(writable: boolean) {
  const moved: number[] = [];
  const gateway = await openGateway({ folder, writable, moved: (bytes) => moved.push(bytes), broken: () => undefined });
  const { login } = gateway;
  assert.ok(login.kind === 'basic');
  const password = login.password.reveal();
  const authorization = `Basic ${Buffer.from(`${login.username.reveal()}:${password}`).toString('base64')}`;
  const ask = (method: string, where: string, body?: Buffer | string, headers: Record<string, string> = {}) =>
    fetch(new URL(where, `http://${gateway.host}`), {
      method,
      headers: { authorization, ...headers },
      ...(body === undefined ? {} : { body }),
    });
  return { gateway, ask, moved };
}

const blob = Buffer.from('0123456789');

test('a folder takes blobs in pieces or at once, and only with their digest', async () => {
  const { gateway, ask, moved } = await opened(true);
  await using _ = gateway;
  assert.equal((await fetch(`http://${gateway.host}/v2/`)).status, 401);
  assert.equal((await ask('GET', '/v2/')).status, 200);
  const begin = async (query = ''): Promise<string> => {
    const answer = await ask('POST', `/v2/a/b/blobs/uploads/${query}`);
    assert.equal(answer.status, 202);
    return answer.headers.get('location') ?? '';
  };
  const wrong = await begin();
  assert.equal((await ask('PUT', `${wrong}?digest=${sha256('other')}`, blob)).status, 400);
  assert.equal((await ask('PUT', `${wrong}?digest=${sha256(blob)}`, blob)).status, 404);
  assert.equal((await ask('HEAD', `/v2/a/b/blobs/${sha256(blob)}`)).status, 404);

  const pieces = await begin(`?mount=${sha256(blob)}`);
  assert.equal((await ask('PATCH', pieces, blob.subarray(0, 4), { 'content-range': '0-3' })).status, 202);
  assert.equal((await ask('PATCH', pieces, blob.subarray(4), { 'content-range': '7-9' })).status, 416);
  assert.equal((await ask('GET', pieces)).headers.get('range'), '0-3');
  assert.equal((await ask('PATCH', pieces, blob.subarray(4))).status, 202);
  assert.equal((await ask('PUT', `${pieces}?digest=${encodeURIComponent(sha256(blob))}`)).status, 201);
  assert.equal((await ask('POST', `/v2/c/d/blobs/uploads/?mount=${sha256(blob)}`)).status, 201);
  assert.equal((await ask('DELETE', await begin())).status, 204);
  assert.ok(moved.reduce((sum, bytes) => sum + bytes, 0) >= blob.length * 2);

  const given = await ask('GET', `/v2/c/d/blobs/${sha256(blob)}`, undefined, { range: 'bytes=2-4' });
  assert.deepEqual([given.status, await given.text()], [206, '234']);
  assert.equal((await ask('GET', `/v2/x/blobs/${sha256(blob)}`, undefined, { range: 'bytes=99-' })).status, 416);
  await begin();
});

test('what one upload brings another waits for, and takes over where it does not come', async () => {
  const { gateway, ask } = await opened(true);
  await using _ = gateway;
  const bytes = Buffer.from('of many images');
  const where = `/v2/a/blobs/uploads/?mount=${sha256(bytes)}`;
  const first = (await ask('POST', where)).headers.get('location') ?? '';
  const [second, third] = [ask('POST', where), ask('POST', where)];
  assert.equal((await ask('DELETE', first)).status, 204);
  const next = await Promise.race([second, third]);
  assert.equal(next.status, 202);
  assert.equal((await ask('PUT', `${next.headers.get('location')}?digest=${sha256(bytes)}`, bytes)).status, 201);
  assert.deepEqual([(await second).status + (await third).status], [201 + 202]);
});

test('manifests are kept by their digest, with the type that they name, and tags are nothing here', async () => {
  const { gateway, ask } = await opened(true);
  await using _ = gateway;
  const { manifest, digest } = tinyImage();
  const headers = { 'content-type': manifest.mediaType };
  assert.equal((await ask('PUT', `/v2/a/manifests/${sha256('x')}`, manifest.bytes, headers)).status, 400);
  assert.equal((await ask('PUT', '/v2/a/manifests/1', manifest.bytes, headers)).status, 201);
  const got = await ask('GET', `/v2/b/manifests/${digest}`);
  assert.equal(got.headers.get('content-type'), manifest.mediaType);
  assert.deepEqual(Buffer.from(await got.arrayBuffer()), manifest.bytes);
  assert.equal((await ask('HEAD', '/v2/a/manifests/1')).status, 404);
  assert.equal((await ask('PUT', '/v2/a/manifests/2', Buffer.alloc(5 * 1024 * 1024))).status, 413);
  const subject = {
    ...JSON.parse(manifest.bytes.toString()),
    subject: { mediaType: manifest.mediaType, digest, size: 1 },
  };
  const referrer = await ask('PUT', '/v2/a/manifests/3', JSON.stringify(subject), headers);
  assert.equal(referrer.headers.get('oci-subject'), digest);
});

test('a folder that is copied from cannot be written, and unfinished uploads leave nothing', async () => {
  const { gateway, ask } = await opened(false);
  await using _ = gateway;
  for (const [method, where] of [
    ['POST', '/v2/a/blobs/uploads/'],
    ['PUT', '/v2/a/manifests/1'],
    ['DELETE', `/v2/a/manifests/${sha256(blob)}`],
  ] as const)
    assert.equal((await ask(method, where)).status, 405);
  assert.equal((await ask('GET', '/v2/a/blobs/..%2f..%2fetc')).status, 404);
  assert.deepEqual(readdirSync(path.join(folder.path, `.incoming-${process.pid}`)), []);
});
