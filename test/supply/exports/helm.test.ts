import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { parse } from 'yaml';
import { makeImage } from '../../cluster/registry/image.ts';
import { tools } from '../../cluster/tools/build.ts';
import { run } from '../../plugin/commands/run.ts';
import { startTwoRegistries } from '../two-registries.ts';

test('a chart and its images go through the mirror: what helm renders from there is what the lock holds', async () => {
  await using two = await startTwoRegistries({ targetPath: 'copies' });
  const { helm, regsync } = await tools(['helm', 'regsync']);
  const execute = async (program: string, ...args: readonly string[]): Promise<string> => {
    const env = { ...process.env, HOME: two.folder, XDG_CACHE_HOME: two.inside('cache') };
    return (await promisify(execFile)(program, args, { cwd: two.folder, env })).stdout;
  };
  two.put('web/Chart.yaml', 'apiVersion: v2\nname: web\nversion: 1.0.0\n');
  two.put('web/values.yaml', `image: ${two.source.host}/acme/app:1\n`);
  const pod = 'apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec: {containers: [{name: web, image: ';
  two.put('web/templates/pod.yaml', `${pod}"{{ .Values.image }}"}]}\n`);
  await two.source.push('acme/app:1', await makeImage({ label: 'app' }));

  process.env['PATH'] = `${path.dirname(helm)}:${process.env['PATH']}`;
  const lock = two.inside('lock.yaml');
  const locked = await run(['lock', '-f', two.inside('web'), '--policy', two.inside('policy.yaml'), '--lock', lock]);
  assert.equal(locked.code, 0, locked.err);
  await two.exported('regsync');
  await execute(regsync, 'once', '-c', two.inside('regsync/regsync.yml'));
  await execute(helm, 'package', 'web');
  await execute(helm, 'push', 'web-1.0.0.tgz', `oci://${two.inner.host}/charts`, '--plain-http');
  await two.source.stop();

  const chart = [`oci://${two.inner.host}/charts/web`, '--version', '1.0.0', '--plain-http'];
  const rendered = await execute(helm, 'template', 'web', ...chart);
  const { out } = await run(['images', '-f', '-', '-o', 'name'], rendered);
  const { images } = parse(readFileSync(lock, 'utf8')) as { images: readonly { readonly image: string }[] };
  assert.deepEqual(
    out.trim().split('\n'),
    images.map(({ image }) => image),
  );
  const verified = await run(['verify', '--lock', lock, '--no-cluster']);
  assert.equal(verified.code, 0, verified.out);
});
