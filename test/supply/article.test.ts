import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { makeImage } from '../cluster/registry/image.ts';
import { account } from '../cluster/registry/token-service.ts';
import { tools } from '../cluster/tools/build.ts';
import { debianFile } from '../cluster/tools/debian.ts';
import { digestIn, startTwoRegistries, type TwoRegistries } from './two-registries.ts';

const root = path.resolve(import.meta.dirname, '../..');
const page = readFileSync(path.join(root, 'docs/from-the-article.md'), 'utf8');
const lines = [...page.matchAll(/^```shell\n(.*?)^```/gms)].flatMap(([, block = '']) => block.trim().split('\n'));

/** What a reader of the page has: programs, logins, an image, manifests, a policy and a chart. */
async function prepare(two: TwoRegistries): Promise<NodeJS.ProcessEnv> {
  const programs = await tools(['zarf', 'regctl', 'regsync', 'helm']);
  const program = (name: string, start: string): void =>
    chmodSync(two.put(`bin/${name}`, `#!/bin/sh\n${start} "$@"\n`), 0o755);
  program('kubectl', `shift; exec ${process.execPath} ${root}/plugin/main.ts`);
  for (const [name, file] of Object.entries(programs)) program(name, `exec ${file}`);
  program('skopeo', `exec ${debianFile('skopeo')}`);
  two.put('.config/containers/policy.json', '{"default":[{"type":"insecureAcceptAnything"}]}');
  two.put('.docker/config.json', readFileSync(two.inside('docker/config.json'), 'utf8'));
  const pod = `apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec: {containers: [{name: web, image: "${two.source.host}/acme/app:1"}]}\n`;
  two.put('manifests/pod.yaml', pod);
  two.put('chart/Chart.yaml', 'apiVersion: v2\nname: web\nversion: 1.0.0\n');
  two.put('chart/templates/pod.yaml', pod);
  const policy = readFileSync(two.inside('policy.yaml'), 'utf8');
  two.put('policy.yaml', policy.replaceAll(two.source.host, `${two.source.host}/acme`));
  return {
    ...process.env,
    PATH: `${two.inside('bin')}:${process.env['PATH']}`,
    HOME: two.folder,
    XDG_CACHE_HOME: two.inside('cache'),
    XDG_RUNTIME_DIR: two.folder,
    SSL_CERT_FILE: two.inside('ca.crt'),
    NODE_EXTRA_CA_CERTS: two.inside('ca.crt'),
    MIRROR_USER: account.user,
    MIRROR_PASSWORD: account.password,
  };
}

test('every command of the page does what the article wanted, and those that it replaces do not', async () => {
  await using two = await startTwoRegistries({ targetPath: 'acme', secure: true });
  const app = await makeImage({ label: 'app' });
  await two.source.push('acme/app:1', app);
  const env = await prepare(two);
  const shell = (line: string): string =>
    execFileSync('bash', ['-euo', 'pipefail', '-c', line], { cwd: two.folder, env, encoding: 'utf8', stdio: 'pipe' });
  assert.ok(lines.length > 20);
  for (const line of lines) {
    const real = line.replaceAll('registry.example', two.source.host).replaceAll('mirror.internal', two.inner.host);
    const copies =
      /^(kubectl airgap mirror run --from|zarf package mirror|skopeo copy .*mirror|sh |regctl image|regsync once)/.test(
        line,
      );
    const there = (): Promise<string | null> => digestIn(two.inner, `acme/app@${app.manifest.digest}`);
    // Each tool copies by itself, not only what another one has left there.
    if (copies && (await there()) !== null) await two.inner.remove('acme/app:1', app);
    const out = shell(real);
    if (copies) assert.equal(await there(), app.manifest.digest, line);
    if (line.startsWith('regctl manifest head')) assert.equal(out.trim(), app.manifest.digest);
    if (line.startsWith('kubectl airgap verify')) assert.match(out, /No difference/);
  }
  // Two of the article's own print their help and end with exit code 0, so that a script goes on as if all were well.
  assert.match(shell('skopeo copy --all oci:quay.io/acme/app:1'), /Supported transports:/);
  assert.match(shell('regctl manifest ls'), /Available Commands:/);
  assert.throws(() => shell('zarf bundle deploy --file x --accept-terms'), /unknown flag: --file/);
});
