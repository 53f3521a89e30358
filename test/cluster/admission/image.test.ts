import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import tar from 'tar-stream';
import { readDockerfile } from '../../../image/dockerfile.ts';
import { archiveOf, assemble, digestOf, thisPlatform } from '../../../image/oci.ts';
import { nodeLayer } from '../../../image/webhook-image.ts';
import { ensureDebian } from '../tools/debian.ts';

const root = path.resolve(import.meta.dirname, '../../..');

/** The files of an OCI archive or of a layer: content by name. */
async function unpack(archive: Buffer): Promise<Map<string, Buffer>> {
  const files = new Map<string, Buffer>();
  const extract = tar.extract();
  extract.end(archive);
  for await (const entry of extract) {
    const chunks: Buffer[] = [];
    for await (const chunk of entry) chunks.push(chunk as Buffer);
    if (entry.header.type === 'file') files.set(entry.header.name.replace(/^\.?\//, ''), Buffer.concat(chunks));
  }
  return files;
}

interface Contents {
  readonly config: Readonly<Record<'User' | 'WorkingDir' | 'Env' | 'Entrypoint', unknown>>;
  /** Digest by path. */
  readonly files: ReadonlyMap<string, string>;
}

async function contentsOf(file: string): Promise<Contents> {
  const archive = await unpack(readFileSync(file));
  const json = (bytes: Buffer | undefined): unknown => JSON.parse(String(bytes));
  const blob = (digest: string | undefined): Buffer | undefined => archive.get(`blobs/sha256/${digest?.slice(7)}`);
  const index = json(archive.get('index.json')) as { manifests: { digest: string }[] };
  const manifest = json(blob(index.manifests[0]?.digest)) as {
    config: { digest: string };
    layers: { digest: string }[];
  };
  const files = new Map<string, string>();
  for (const { digest } of manifest.layers)
    for (const [name, bytes] of await unpack(gunzipSync(blob(digest) ?? ''))) files.set(name, digestOf(bytes));
  const { config } = json(blob(manifest.config.digest)) as Contents;
  return { config, files };
}

test('the image that is put together without a builder is the one that a builder makes of the Dockerfile', async () => {
  ensureDebian(['buildah']);
  const folder = mkdtempSync(path.join(tmpdir(), 'airgap-image-'));
  try {
    const run = (program: string, ...line: string[]): string =>
      execFileSync(program, line, { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
    run(process.execPath, 'build.ts', '--if-stale');
    const [ours, base, built] = ['ours', 'base', 'built'].map((name) => path.join(folder, `${name}.tar`)) as [
      string,
      string,
      string,
    ];
    assert.match(run(process.execPath, 'image/main.ts', '-o', ours), /skopeo copy oci-archive:/);

    // A site's own base image: Node and nothing else.
    const bare = assemble(thisPlatform, {}, [await nodeLayer(process.execPath)]);
    writeFileSync(base, await archiveOf(bare, 'node:26'));
    const policy = path.join(folder, 'policy.json');
    writeFileSync(policy, JSON.stringify({ default: [{ type: 'insecureAcceptAnything' }] }));
    const store = ['--root', `${folder}/store`, '--runroot', `${folder}/run`, '--storage-driver', 'vfs'];
    const signatures = ['--signature-policy', policy];
    const argument = ['--build-arg', `BASE=oci-archive:${base}`];
    run('buildah', ...store, 'build', '--isolation', 'chroot', ...signatures, ...argument, '--tag', 'webhook', '.');
    run('buildah', ...store, 'push', ...signatures, 'webhook', `oci-archive:${built}`);

    const [assembled, fromDockerfile] = [await contentsOf(ours), await contentsOf(built)];
    for (const key of ['User', 'WorkingDir', 'Env', 'Entrypoint'] as const)
      assert.deepEqual(assembled.config[key], fromDockerfile.config[key], key);
    assert.deepEqual(Object.fromEntries(assembled.files), Object.fromEntries(fromDockerfile.files));
    assert.match(String(assembled.config.User), /^[1-9]\d*:[1-9]\d*$/, 'a number, so that runAsNonRoot can be checked');
    const program = [...assembled.files.keys()].filter((name) => !/^(?:usr\/)?lib/.test(name));
    assert.deepEqual(program.toSorted(), ['app/LICENSE', 'app/airgap-webhook.mjs', 'usr/local/bin/node']);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test('a Dockerfile that says more than an image without a builder can hold is refused', () => {
  assert.throws(
    () => readDockerfile('FROM x\nRUN apt-get install y\n'),
    /cannot hold what this line says: RUN apt-get/,
  );
});
