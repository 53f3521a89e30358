import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { run } from '../plugin/commands/run.ts';
import { tools } from '../cluster/tools/build.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'airgap-rendered-'));
const { PATH } = process.env;
const put = (name: string, text: string): void => {
  mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
  writeFileSync(path.join(folder, name), text);
};

before(async () => {
  const { kubectl, helm } = await tools(['kubectl', 'helm']);
  process.env['PATH'] = [path.dirname(kubectl), path.dirname(helm), PATH].join(path.delimiter);
  const pod = (image: string): string =>
    `apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec: {containers: [{name: c, image: "${image}"}]}\n`;
  put(
    'kustomized/kustomization.yaml',
    'resources: [pod.yaml]\nimages: [{name: nginx, newName: evil.internal/nginx}]\n',
  );
  put('kustomized/pod.yaml', pod('nginx'));
  put('chart/Chart.yaml', 'apiVersion: v2\nname: web\nversion: 1.0.0\n');
  put('chart/values.yaml', 'image: quay.io/web/app:1\n');
  put('chart/templates/pod.yaml', pod('{{ .Values.image }}'));
  const hook = 'metadata: {name: t, annotations: {helm.sh/hook: test}}';
  put('chart/templates/tests/t.yaml', pod('quay.io/web/probe:1').replace('metadata: {name: p}', hook));
  put('production.yaml', 'image: quay.io/web/app:2\n');
});
after(() => {
  process.env['PATH'] = PATH;
  rmSync(folder, { recursive: true });
});

async function imagesOf(...args: readonly string[]): Promise<string[]> {
  const { code, out, err } = await run(['images', '-o', 'name', ...args]);
  assert.equal(code, 0, err);
  return out.trim().split('\n');
}

test('a kustomize folder is read as kubectl renders it', async () => {
  assert.deepEqual(await imagesOf('-f', path.join(folder, 'kustomized')), ['evil.internal/nginx']);
});

test('a chart is read as helm renders it: with its values files, and with the hooks that test it', async () => {
  const chart = path.join(folder, 'chart');
  assert.deepEqual(await imagesOf('-f', chart), ['quay.io/web/app:1', 'quay.io/web/probe:1']);
  const values = ['--values', path.join(folder, 'production.yaml')];
  assert.deepEqual(await imagesOf('-f', chart, ...values), ['quay.io/web/app:2', 'quay.io/web/probe:1']);
});

test('a chart that does not render is exit code 2, with what helm says', async () => {
  put('bad/Chart.yaml', 'apiVersion: v2\nname: bad\nversion: 1.0.0\n');
  put('bad/templates/pod.yaml', '{{ required "say which image" .Values.image }}\n');
  const { code, err } = await run(['images', '-f', path.join(folder, 'bad')]);
  assert.equal(code, 2);
  assert.match(err, /say which image/);
});
