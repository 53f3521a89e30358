import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openRegistries, type Registries } from '../../../plugin/registry/client.ts';
import { anonymous, keychainOf, type Keychain } from '../../../plugin/registry/keychain.ts';
import { parseNamedHost } from '../../../plugin/registry/named-hosts.ts';
import { once } from '../../../plugin/registry/retry.ts';
import { openWire } from '../../../plugin/registry/wire.ts';
import { readDockerConfig } from '../../../shared/registry/dockerconfig.ts';
import type { Outcome } from '../../../shared/registry/fault.ts';
import { makeImage, makeIndex } from '../registry/image.ts';
import { startLoopbackRegistries } from '../registry/on-loopback.ts';
import { account } from '../registry/token-service.ts';

const said = (outcome: Outcome<unknown>): string => (outcome.ok ? 'ok' : outcome.fault.code);

for (const engine of ['debian', 'v3'] as const)
  test(`the client reads ${engine === 'debian' ? 'distribution 2.8' : 'distribution 3'}: plain, TLS, basic and token`, async () => {
    await using registries = await startLoopbackRegistries(engine);
    const { authority, plain, tls, basic, token } = registries;
    const wire = openWire({ ca: authority.certificate });
    const open = (host: string, keychain: Keychain = anonymous): Registries =>
      openRegistries({
        named: [parseNamedHost(host)],
        keychain,
        wire,
        persistence: once,
        signal: AbortSignal.timeout(20_000),
      });
    const login = (host: string, password: string): Keychain =>
      keychainOf(readDockerConfig(JSON.stringify({ auths: { [host]: { username: account.user, password } } })));

    const index = await makeIndex(['linux/amd64', 'linux/arm64']);
    const layer = (await makeImage()).blobs[1];
    assert.ok(layer);
    for (const registry of [plain, tls, basic, token]) {
      await registry.push('shop/app:1', index);
      await registry.push('shop/app:2', index);
      const { host } = registry;
      const app = { host, path: 'shop/app' };
      const guarded = registry === basic || registry === token;
      const client = open(host, guarded ? login(host, account.password) : anonymous);
      const greeting = await client.ping(host);
      assert.ok(greeting.ok, said(greeting));
      assert.equal(greeting.value.guarded, guarded);
      assert.equal(greeting.value.base.protocol, registry === plain ? 'http:' : 'https:');
      assert.equal(said(await client.logIn(host)), 'ok');

      const byTag = await client.manifest(app, '1');
      assert.ok(byTag.ok && byTag.value.manifest.kind === 'index', said(byTag));
      assert.equal(byTag.value.digest, index.manifest.digest);
      const head = await client.manifestHead(app, '1');
      assert.ok(head.ok && head.value.digest === index.manifest.digest);
      for (const child of byTag.value.manifest.children)
        assert.equal(said(await client.manifest(app, child.digest)), 'ok');
      assert.deepEqual(await client.tags(app), { ok: true, value: ['1', '2'] });
      assert.deepEqual(await client.blobHead(app, layer.digest), { ok: true, value: { size: layer.bytes.length } });
      const part = await client.blob(app, layer.digest, 10, 19);
      assert.ok(part.ok);
      assert.deepEqual(Buffer.concat(await part.value.stream.toArray()), layer.bytes.subarray(10, 20));
      assert.deepEqual([part.value.start, part.value.size], [10, layer.bytes.length]);
      assert.deepEqual(await client.referrers(app, index.manifest.digest), { ok: true, value: [] });
      assert.equal(said(await client.manifest(app, 'missing')), 'not-found');

      const stranger = open(host);
      assert.equal(said(await stranger.manifest(app, '1')), guarded ? 'unauthorized' : 'ok');
      if (guarded) assert.equal(said(await open(host, login(host, 'wrong')).manifest(app, '1')), 'denied');
    }
    wire.close();
    const distrustful = openWire();
    const outcome = await openRegistries({
      named: [parseNamedHost(tls.host)],
      keychain: anonymous,
      wire: distrustful,
      persistence: once,
      signal: AbortSignal.timeout(20_000),
    }).ping(tls.host);
    distrustful.close();
    assert.equal(said(outcome), 'unknown-authority');
  });
