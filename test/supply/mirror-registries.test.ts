import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { run } from '../plugin/commands/run.ts';
import { freePorts } from '../cluster/ports.ts';
import { startDistribution, type Registry } from '../cluster/registry/distribution.ts';
import { startLoopbackRegistries, type LoopbackRegistries } from '../cluster/registry/on-loopback.ts';
import { makeImage, makeIndex, type Image } from '../cluster/registry/image.ts';
import { releaseSlot, takeSlot, type Slot } from '../cluster/state.ts';
import { account } from '../cluster/registry/token-service.ts';
import { tool } from '../cluster/tools/build.ts';
import { debianFile } from '../cluster/tools/debian.ts';
import { blobOf, descriptor, jsonBlob, makeLayer, mediaTypes } from '../../image/oci.ts';
import type { MirrorReport } from '../../plugin/supply/mirror/run-report.ts';

let sources: LoopbackRegistries;
let mirrors: LoopbackRegistries;
/** Takes an index without some of its platforms. */
let inner: Registry;
let slot: Slot;
let folder: string;
let bill: string;
const inside = (name: string): string => path.join(folder, name);
const kinds = ['plain', 'tls', 'basic', 'token'] as const;
/** Each kind of registry is a source of one kind and the mirror of another. */
const across = { plain: 'token', tls: 'basic', basic: 'tls', token: 'plain' } as const;

before(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'airgap-mirror-kinds-'));
  mkdirSync(inside('bin'));
  symlinkSync(await tool('regctl'), inside('bin/regctl'));
  symlinkSync(debianFile('skopeo'), inside('bin/skopeo'));
  [sources, mirrors] = await Promise.all([startLoopbackRegistries('debian'), startLoopbackRegistries('v3')]);
  slot = takeSlot();
  const [port = 0] = await freePorts(1);
  const taking = { name: 'sparse', address: '127.0.0.1', port, engine: 'v3', sparse: true } as const;
  inner = await startDistribution(slot, taking);
  const login = Buffer.from(`${account.user}:${account.password}`).toString('base64');
  const hosts = [sources, mirrors].flatMap(({ basic, token }) => [basic.host, token.host]);
  const auths = Object.fromEntries(hosts.map((host) => [host, { auth: login }]));
  writeFileSync(inside('auth.json'), JSON.stringify({ auths }));
  writeFileSync(inside('ca.pem'), sources.authority.certificate + mirrors.authority.certificate);
  process.env['REGISTRY_AUTH_FILE'] = inside('auth.json');
  process.env['PATH'] = `${inside('bin')}:${process.env['PATH']}`;
  const layers = [await makeLayer([{ name: 'x', content: 'of all '.repeat(1000) }])];
  for (const kind of kinds) {
    const index = await makeIndex(['linux/amd64', 'linux/arm64'], { layers, label: kind });
    await sources[kind].push('acme/app:1', index);
    const signature = await makeImage({ label: `signature of ${kind}`, layers });
    await sources[kind].push(`acme/app:${index.manifest.digest.replace(':', '-')}.sig`, signature);
  }
  const billed = await makeImage({ label: 'with a bill', layers });
  await sources.tls.push('acme/billed:1', billed);
  bill = await pushReferrer(sources.tls, 'acme/billed', billed);
  writeFileSync(inside('list.txt'), kinds.map((kind) => `${sources[kind].host}/acme/app:1\n`).join(''));
});
after(async () => {
  await inner.stop();
  releaseSlot(slot);
  await sources[Symbol.asyncDispose]();
  await mirrors[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true });
});

/** A bill of materials that refers to an image, and the list of referrers that registries without an API keep as a tag. */
async function pushReferrer(registry: Registry, repository: string, subject: Image): Promise<string> {
  const empty = blobOf(Buffer.from('{}'));
  const bill = blobOf(Buffer.from(`a bill of ${subject.manifest.digest}`));
  const about = { mediaType: subject.mediaType, digest: subject.manifest.digest, size: subject.manifest.bytes.length };
  const manifest = jsonBlob({
    schemaVersion: 2,
    mediaType: mediaTypes.manifest,
    artifactType: 'application/spdx+json',
    config: descriptor('application/vnd.oci.empty.v1+json', empty),
    layers: [descriptor('application/spdx+json', bill)],
    subject: about,
  });
  const referrer = { mediaType: mediaTypes.manifest, manifest, blobs: [empty, bill], children: [] };
  const listed = { ...descriptor(mediaTypes.manifest, manifest), artifactType: 'application/spdx+json' };
  const list = jsonBlob({ schemaVersion: 2, mediaType: mediaTypes.index, manifests: [listed] });
  const children = [referrer];
  const tag = subject.manifest.digest.replace(':', '-');
  await registry.push(`${repository}:${tag}`, { mediaType: mediaTypes.index, manifest: list, blobs: [], children });
  return manifest.digest;
}

async function lockFor(name: string, ...args: readonly string[]): Promise<string> {
  const rules = kinds.map(
    (kind) => `    - {sourcePrefix: "${sources[kind].host}", targetPrefix: "${mirrors[across[kind]].host}/${name}"}\n`,
  );
  writeFileSync(
    inside(`${name}.policy.yaml`),
    `apiVersion: airgap.dev/v1alpha1\nkind: AirgapPolicy\nmetadata: {name: default}\nspec:\n  mirrors:\n${rules.join('')}`,
  );
  const file = inside(`${name}.lock.yaml`);
  const flags = ['--policy', inside(`${name}.policy.yaml`), '--registry-ca', inside('ca.pem'), '--lock', file];
  const { code, out, err } = await run([
    'lock',
    ...flags,
    ...(args.includes('--list') ? args : ['--list', inside('list.txt'), ...args]),
  ]);
  assert.equal(code, 0, out + err);
  return file;
}

async function mirrored(...args: readonly string[]): Promise<{ code: number; report: MirrorReport; err: string }> {
  const line = ['mirror', 'run', '-o', 'json', '--registry-ca', inside('ca.pem'), ...args];
  const { code, out, err } = await run(line);
  assert.notEqual(out, '', err);
  assert.ok(!`${out}${err}`.includes(account.password));
  return { code, report: JSON.parse(out) as MirrorReport, err };
}

async function proved(lock: string): Promise<void> {
  const verified = await run(['verify', '--no-cluster', '--lock', lock, '--registry-ca', inside('ca.pem')]);
  assert.equal(verified.code, 0, verified.out + verified.err);
}

const states = ({ images }: MirrorReport): string[] => images.map(({ state, detail }) => `${state} ${detail}`.trim());

for (const engine of ['regctl', 'skopeo'] as const) {
  test(`${engine} copies between registries of every kind, over a folder too, and leaves no login behind`, async () => {
    const lock = await lockFor(`${engine}-direct`);
    const direct = await mirrored('--engine', engine, '--lock', lock, '--retries', '0');
    assert.deepEqual([direct.code, states(direct.report)], [0, ['copied', 'copied', 'copied', 'copied']]);
    await proved(lock);
    const again = await mirrored('--engine', engine, '--lock', lock);
    assert.deepEqual(states(again.report), ['present', 'present', 'present', 'present']);

    const carried = await lockFor(`${engine}-carried`);
    const media = `dir:${inside(`${engine} media`)}`;
    const filled = await mirrored('--engine', engine, '--lock', carried, '--to', media, '--retries', '0');
    assert.deepEqual([filled.code, states(filled.report)], [0, ['copied', 'copied', 'copied', 'copied']]);
    const loaded = await mirrored('--engine', engine, '--from', media, '--retries', '0');
    assert.deepEqual([loaded.code, states(loaded.report)], [0, ['copied', 'copied', 'copied', 'copied']]);
    await proved(carried);
    assert.equal(readFileSync(inside(`${engine} media/airgap.lock.yaml`), 'utf8'), readFileSync(carried, 'utf8'));
    assert.deepEqual(
      readdirSync(tmpdir()).filter((name) => name.startsWith(`kubectl-airgap-mirror-${process.pid}-`)),
      [],
    );
  });
}

for (const engine of ['regctl', 'skopeo'] as const) {
  test(`${engine}: an index with one platform keeps its digest where that is taken, and is copied whole elsewhere`, async () => {
    const lock = await lockFor(`${engine}-one`, '--platform', 'linux/arm64');
    const media = inside(`${engine} one`);
    const filled = await mirrored('--engine', engine, '--lock', lock, '--to', `dir:${media}`, '--retries', '0');
    assert.deepEqual([filled.code, states(filled.report)], [0, ['copied', 'copied', 'copied', 'copied']]);
    const loaded = await mirrored('--engine', engine, '--from', `dir:${media}`, '--retries', '0');
    assert.equal(loaded.code, 1);
    for (const { state, detail } of loaded.report.images) {
      assert.equal(state, 'failed');
      assert.match(detail, /takes an index only with all of its platforms, and they are not all in the folder/);
    }
    const direct = await mirrored('--engine', engine, '--lock', lock, '--retries', '0');
    assert.equal(direct.code, 0, JSON.stringify(direct.report, null, 1));
    for (const { state, detail } of direct.report.images)
      assert.match(`${state} ${detail}`, /^copied .* takes an index only with all of its platforms: all are copied$/);
    await proved(lock);

    const carried = await lockFor(`${engine}-all`, '--platform', 'linux/arm64');
    const all = ['--lock', carried, '--to', `dir:${media} all`, '--all-platforms', '--retries', '0'];
    assert.equal((await mirrored('--engine', engine, ...all)).code, 0);
    const whole = await mirrored('--engine', engine, '--from', `dir:${media} all`, '--retries', '0');
    assert.deepEqual([whole.code, states(whole.report)], [0, ['copied', 'copied', 'copied', 'copied']]);
    await proved(carried);
  });
}

test('what is found by the list of referrers only is listed in the mirror too, or missed by name', async () => {
  writeFileSync(inside('billed.txt'), `${sources.tls.host}/acme/billed:1\n`);
  const list = ['--list', inside('billed.txt')];
  const lock = await lockFor('billed', ...list);
  assert.match(readFileSync(lock, 'utf8'), /artifactType: application\/spdx\+json/);
  const media = `dir:${inside('billed media')}`;
  for (const ends of [[], ['--to', media]])
    assert.deepEqual(states((await mirrored('--engine', 'regctl', '--lock', lock, ...ends)).report), ['copied']);
  await proved(lock);
  const loaded = await lockFor('billed-loaded', ...list);
  assert.deepEqual(states((await mirrored('--engine', 'regctl', '--lock', loaded, '--from', media)).report), [
    'copied',
  ]);

  const other = await lockFor('billed-skopeo', ...list);
  const missed = await mirrored('--engine', 'skopeo', '--lock', other);
  assert.equal(missed.code, 1);
  assert.match(states(missed.report).join(), new RegExp(`^failed the list of referrers in .* lacks ${bill}: regctl`));
  assert.equal((await mirrored('--engine', 'regctl', '--lock', other)).code, 0);
});

test('a registry that takes an index without some of its platforms gets the locked ones alone', async () => {
  writeFileSync(inside('sparse.txt'), `${sources.plain.host}/acme/app:1\n`);
  for (const engine of ['regctl', 'skopeo'] as const)
    for (const by of ['direct', 'folder']) {
      const name = `${engine}-${by}`;
      const rule = `{sourcePrefix: "${sources.plain.host}", targetPrefix: "${inner.host}/${name}"}`;
      const policy = inside(`sparse-${name}.yaml`);
      writeFileSync(
        policy,
        `apiVersion: airgap.dev/v1alpha1\nkind: AirgapPolicy\nmetadata: {name: default}\nspec: {mirrors: [${rule}]}\n`,
      );
      const lock = inside(`sparse-${name}.lock.yaml`);
      const flags = ['--policy', policy, '--lock', lock, '--platform', 'linux/arm64'];
      assert.equal((await run(['lock', '--list', inside('sparse.txt'), ...flags])).code, 0);
      const media = `dir:${inside(`sparse ${name}`)}`;
      if (by === 'folder') await mirrored('--engine', engine, '--lock', lock, '--to', media);
      const source = by === 'folder' ? ['--from', media] : ['--lock', lock];
      const { code, report } = await mirrored('--engine', engine, ...source, '--retries', '0');
      assert.deepEqual([code, states(report)], [0, ['copied']]);
      await proved(lock);
      const { manifests } = (await (
        await fetch(`${inner.url}/v2/${name}/acme/app/manifests/1`, { headers: { accept: mediaTypes.index } })
      ).json()) as { manifests: { digest: string }[] };
      const there = manifests.map(async ({ digest }) => {
        const headers = { accept: mediaTypes.manifest };
        return (await fetch(`${inner.url}/v2/${name}/acme/app/manifests/${digest}`, { headers })).status;
      });
      assert.deepEqual(await Promise.all(there), [404, 200]);
    }
});
