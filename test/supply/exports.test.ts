import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { parse } from 'yaml';
import { run } from '../plugin/commands/run.ts';
import { startDistribution, type Registry } from '../cluster/registry/distribution.ts';
import { makeImage, makeIndex, type Image } from '../cluster/registry/image.ts';
import { freePorts } from '../cluster/ports.ts';
import { releaseSlot, takeSlot, type Slot } from '../cluster/state.ts';
import { tool } from '../cluster/tools/build.ts';
import { debianFile, ensureDebian } from '../cluster/tools/debian.ts';

let slot: Slot;
let source: Registry;
let inner: Registry;
let folder: string;
let index: Image;
const inside = (name: string): string => path.join(folder, name);

before(async () => {
  slot = takeSlot();
  folder = mkdtempSync(path.join(tmpdir(), 'airgap-export-'));
  const [first = 0, second = 0] = await freePorts(2);
  source = await startDistribution(slot, { name: 'source', address: '127.0.0.1', port: first });
  inner = await startDistribution(slot, { name: 'inner', address: '127.0.0.1', port: second });
  index = await makeIndex(['linux/amd64', 'linux/arm64']);
  await source.push('acme/app:1', index);
  await source.push('acme/db:2', await makeImage({ label: 'db' }));
  const signature = await makeImage({ label: 'signature' });
  await source.push(`acme/app:${index.manifest.digest.replace(':', '-')}.sig`, signature);
  writeFileSync(inside('list.txt'), `${source.host}/acme/app:1\n${source.host}/acme/db:2\n`);
  writeFileSync(
    inside('policy.yaml'),
    `apiVersion: airgap.dev/v1alpha1\nkind: AirgapPolicy\nmetadata: {name: default}\nspec:\n  mirrors:\n    - {sourcePrefix: "${source.host}", targetPrefix: "${inner.host}/copies"}\n`,
  );
  const locked = await run([
    'lock',
    '--list',
    inside('list.txt'),
    '--policy',
    inside('policy.yaml'),
    '--lock',
    inside('lock.yaml'),
  ]);
  assert.equal(locked.code, 0, locked.err + locked.out);
});
after(async () => {
  await source.stop();
  await inner.stop();
  releaseSlot(slot);
  rmSync(folder, { recursive: true });
});

async function exported(to: string): Promise<void> {
  const hosts = [source.host, inner.host].flatMap((host) => ['--plain-http', host]);
  const { code, err } = await run(['export', '--to', to, '--lock', inside('lock.yaml'), '-o', inside(to), ...hosts]);
  assert.equal(code, 0, err);
}

async function digestIn(registry: Registry, name: string): Promise<string | null> {
  const accept = [index.mediaType, 'application/vnd.oci.image.manifest.v1+json'].join(', ');
  const colon = name.indexOf(':');
  const [repository, tag] = [name.slice(0, colon), name.slice(colon + 1)];
  const answer = await fetch(`${registry.url}/v2/${repository}/manifests/${tag}`, {
    method: 'HEAD',
    headers: { accept },
  });
  return answer.headers.get('docker-content-digest');
}

const environment = { ...process.env, HOME: '/nonexistent' };

test('regsync understands every line of its export, and copies image, platforms and signature by it', async () => {
  await exported('regsync');
  const file = inside('regsync/regsync.yml');
  const regsync = await tool('regsync');
  const understood = parse(execFileSync(regsync, ['config', '-c', file], { encoding: 'utf8', env: environment })) as {
    sync: { source: string; target: string }[];
  };
  assert.deepEqual(
    understood.sync.map(({ target }) => target),
    [`${inner.host}/copies/acme/app:1`, `${inner.host}/copies/acme/db:2`],
  );
  execFileSync(regsync, ['once', '-c', file], { env: environment, stdio: 'pipe' });
  assert.equal(await digestIn(inner, 'copies/acme/app:1'), index.manifest.digest);
  for (const { manifest } of index.children)
    assert.equal(await digestIn(inner, `copies/acme/app:${manifest.digest}`), manifest.digest);
  assert.notEqual(await digestIn(inner, `copies/acme/app:${index.manifest.digest.replace(':', '-')}.sig`), null);
});

test('the skopeo script copies every image to its own name, with the digest of the lock', async () => {
  ensureDebian(['skopeo']);
  await exported('skopeo');
  const script = inside('skopeo/skopeo-copy.sh');
  const bin = inside('bin');
  mkdirSync(bin);
  writeFileSync(inside('policy.json'), '{"default":[{"type":"insecureAcceptAnything"}]}');
  writeFileSync(
    path.join(bin, 'skopeo'),
    `#!/bin/sh\nexec ${debianFile('skopeo')} --policy ${inside('policy.json')} "$@"\n`,
    { mode: 0o755 },
  );
  execFileSync('/bin/sh', [script], { env: { ...process.env, PATH: `${bin}:${process.env['PATH']}` }, stdio: 'pipe' });
  assert.equal(await digestIn(inner, 'copies/acme/app:1'), index.manifest.digest);
  assert.equal(await digestIn(inner, 'copies/acme/db:2'), await digestIn(source, 'acme/db:2'));
});

test('the CRI-O file leads a pull of the old name to the mirror, with the source out of reach', async () => {
  ensureDebian(['skopeo']);
  await exported('crio');
  await source.stop();
  const out = execFileSync(
    debianFile('skopeo'),
    [
      '--registries-conf',
      inside('crio/registries.conf.d/50-airgap.conf'),
      'inspect',
      '--raw',
      `docker://${source.host}/acme/app:1`,
    ],
    { encoding: 'utf8' },
  );
  assert.deepEqual(Buffer.from(out), index.manifest.bytes);
});
