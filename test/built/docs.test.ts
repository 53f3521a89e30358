import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { chmodSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { commands } from '../../plugin/commands/index.ts';
import { parse } from '../../plugin/commands/parse.ts';
import type { Command } from '../../plugin/commands/command.ts';
import { explanations } from '../../plugin/doctor/explanation.ts';
import { loadPolicies } from '../../shared/policy/load.ts';
import { recordedApi } from '../fake/recorded-api.ts';
import { fakeRegistry, json, tinyImage } from '../fake/registry.ts';
import { lockOf } from '../plugin/supply/exports/lock.ts';
import { imagesFolder, lockOf as lockOfImages, noise } from '../plugin/supply/media/images-folder.ts';

const root = path.resolve(import.meta.dirname, '../..');
const example = path.join(root, 'examples/broken-cluster');
const pages = globSync(['*.md', 'docs/*.md', 'examples/*.md'], { cwd: root });
const read = (file: string): string => readFileSync(path.join(root, file), 'utf8');

function blocks(text: string, language: string): string[] {
  return [...text.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, 'gms'))].map(([, block = '']) => block);
}

const sandbox = mkdtempSync(path.join(tmpdir(), 'airgap-docs-'));
const bin = path.join(sandbox, 'bin');
mkdirSync(path.join(sandbox, 'manifests'));
mkdirSync(bin);
writeFileSync(
  path.join(sandbox, 'policy.yaml'),
  (blocks(read('docs/policy.md'), 'yaml')[0] ?? '').replace('Enforce', 'Warn'),
);
writeFileSync(
  path.join(sandbox, 'manifests/pod.yaml'),
  'apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec: {containers: [{name: web, image: "nginx:1.27"}]}\n',
);
writeFileSync(path.join(sandbox, 'site.yaml'), blocks(read('docs/inventory.md'), 'yaml')[0] ?? '');
writeFileSync(path.join(sandbox, 'regsync.yml'), 'sync: [{source: "nginx:1.27", type: image}]\n');
symlinkSync(path.join(root, 'dist/kubectl-airgap.mjs'), path.join(bin, 'kubectl-airgap'));
writeFileSync(path.join(bin, 'kubectl'), '#!/bin/sh\n[ "$1" = airgap ] || exit 64\nshift\nexec kubectl-airgap "$@"\n');
chmodSync(path.join(bin, 'kubectl'), 0o755);
const api = await recordedApi(example);
/** The mirror of `site.lock.yaml`, with one image that is locked and one that is not. */
const [locked, left] = [tinyImage(), tinyImage('linux/arm64')];
const mirror = await fakeRegistry({
  answers: [[/^GET \/v2\/m\/app\/tags\/list/, json(200, { tags: ['1', '2'] })]],
  manifests: {
    'm/app:1': locked.manifest,
    [`m/app@${locked.digest}`]: locked.manifest,
    'm/app:2': left.manifest,
    [`m/app@${left.digest}`]: left.manifest,
  },
});
const siteLock = JSON.stringify(lockOf({ 'docker.io/m/app:1': `${mirror.host}/m/app:1` }));
writeFileSync(path.join(sandbox, 'site.lock.yaml'), siteLock);
const carried = { 'registry.example/app:1': [noise(2000, 'base'), noise(100, 'one')] };
imagesFolder(path.join(sandbox, 'images'), { 'registry.example/app:2': [noise(2000, 'base'), noise(100, 'two')] });
writeFileSync(path.join(sandbox, 'carried.lock.yaml'), JSON.stringify(lockOfImages(carried).lock));
after(() => {
  api.close();
  void mirror[Symbol.asyncDispose]();
  rmSync(sandbox, { recursive: true });
});
const config = {
  'current-context': 'site',
  contexts: [{ name: 'site', context: { cluster: 'site', user: '' } }],
  clusters: [{ name: 'site', cluster: { server: api.url } }],
};
writeFileSync(path.join(sandbox, 'config'), JSON.stringify(config));

async function shell(line: string, cwd = sandbox): Promise<{ code: number; out: string; err: string }> {
  const env = {
    ...process.env,
    PATH: `${bin}:${path.dirname(process.execPath)}:${process.env['PATH']}`,
    KUBECONFIG: path.join(sandbox, 'config'),
    LC_ALL: 'C.UTF-8',
    COLUMNS: '80',
  };
  return new Promise((resolve) => {
    execFile('bash', ['-c', line], { env, cwd, maxBuffer: 64e6 }, (error, out, err) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, out, err });
    });
  });
}

const lines = pages.flatMap((page) =>
  blocks(read(page), 'sh')
    .flatMap((block) => block.split('\n'))
    .filter((line) => line !== '')
    .map((line) => ({ page, line: line.replace(/^[A-Z_]+=\S+ /, '') })),
);

test('every kubectl airgap line in the documents runs', async () => {
  const ours = lines.filter(({ line }) => line.includes('kubectl airgap'));
  assert.ok(ours.length > 8);
  for (const { page, line } of ours) {
    const { code, err } = await shell(line);
    assert.ok(code === 0 || code === 1, `${page}: ${line}: exit code ${code}\n${err}`);
  }
});

test('every npm line in the documents is one that there is', () => {
  const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
  const others = lines.filter(({ line }) => !line.includes('kubectl airgap'));
  assert.ok(others.length > 5);
  for (const { page, line } of others) {
    const [, , , script] =
      /^npm (ci|install --global \.|(run |)(test|start|[a-z:]+))$/.exec(line.replace(/ -- .*/, '')) ?? [];
    assert.ok(
      line === 'npm ci' || line === 'npm install --global .' || (script !== undefined && script in scripts),
      `${page}: ${line}`,
    );
  }
});

test('npm start shows the example and is no failure for npm', async () => {
  const { code, out } = await shell('npm start', root);
  assert.equal(code, 0);
  assert.match(out, /every container has its image: \d+ problems \[AG-IMG-001\]/);
});

test('what the README prints is what the program prints', async () => {
  const { out } = await shell(`kubectl airgap doctor --from ${example}`);
  const shown = out.replaceAll(example, 'examples/broken-cluster');
  const quoted = blocks(read('README.md'), 'text');
  assert.ok(quoted.length > 0);
  for (const block of quoted)
    assert.ok(shown.includes(block), `the program no longer prints this part of the README:\n${block}`);
});

test('every kubectl airgap line in examples, remedies and confirmations is one that this release understands', async () => {
  const steps = explanations().flatMap((one) => (one.of === 'cause' ? [...one.remedy, ...one.confirm] : []));
  const examples = (list: readonly Command[]): string[] =>
    list.flatMap((command) => [...command.examples.map(([, line]) => line), ...examples(command.subcommands ?? [])]);
  const found = [...steps, ...examples(commands)].flatMap((step) =>
    [...step.matchAll(/kubectl airgap ([^|;&()"'\n>]*)/g)].filter(() => step.startsWith('$ ') || !/^[A-Z]/.test(step)),
  );
  assert.ok(found.length > 10);
  for (const [line, words = ''] of found)
    await assert.doesNotReject(parse(words.trim().split(/\s+/), commands), `not understood: ${line}`);
});

test('every policy in the documents loads', () => {
  const policies = pages.flatMap((page) =>
    blocks(read(page), 'yaml').flatMap((block) => (block.includes('kind: AirgapPolicy') ? [{ page, block }] : [])),
  );
  assert.ok(policies.length > 1);
  for (const { page, block } of policies) {
    const loaded = loadPolicies(block);
    assert.ok(loaded.ok, `${page}: ${JSON.stringify(loaded)}`);
  }
});

test('links between the documents lead somewhere', () => {
  for (const page of pages)
    for (const [, target = ''] of read(page).matchAll(/\]\((?!https?:)([^)#]+)/g))
      assert.ok(globSync(path.join(root, path.dirname(page), target)).length > 0, `${page}: ${target}`);
});
