import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { makeImage } from '../../cluster/registry/image.ts';
import { tool } from '../../cluster/tools/build.ts';
import { startTwoRegistries } from '../two-registries.ts';
import { pushUsual } from './usual.ts';

test("k3s's own code pulls by the old name from the mirror, through registries.yaml, with the source gone", async () => {
  await using two = await startTwoRegistries({ targetPath: 'copies' });
  const { app } = await pushUsual(two);
  const warnings = await two.exported('k3s');
  assert.match(warnings.join('\n'), /disable-default-registry-endpoint: true/);
  await two.inner.push('copies/acme/app:1', app);
  // Not what is asked for: a rewrite that is not anchored would lead here.
  await two.inner.push('acme/app:1', await makeImage({ label: 'another' }));
  await two.source.stop();
  const pull = async (name: string): Promise<string> => {
    const line = [two.inside('k3s/registries.yaml'), `${two.source.host}/${name}`];
    return (await promisify(execFile)(await tool('registries-pull'), line)).stdout.trim();
  };
  const [amd64] = app.children;
  assert.ok(amd64);
  assert.equal(await pull('acme/app:1'), amd64.manifest.digest);
  assert.equal(await pull(`acme/app@${amd64.manifest.digest}`), amd64.manifest.digest);
  await assert.rejects(pull('acme/db:2'), /copies\/acme\/db/);
});
