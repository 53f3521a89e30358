import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { tool } from '../cluster/tools/build.ts';
import { run } from '../plugin/commands/run.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'airgap-files-'));
const inside = (name: string): string => path.join(folder, name);
const { PATH } = process.env;
const chart = 'a chart of some bytes '.repeat(1000);

before(async () => {
  process.env['PATH'] = `${path.dirname(await tool('regctl'))}:${PATH}`;
  mkdirSync(inside('charts'));
  writeFileSync(inside('charts/web-1.0.0.tgz'), chart);
  writeFileSync(inside('tool'), 'a tool');
  writeFileSync(
    inside('site.yaml'),
    'apiVersion: airgap.dev/v1alpha1\nkind: ImageInventory\nfiles: [charts/web-1.0.0.tgz, tool]\n',
  );
});
after(() => {
  process.env['PATH'] = PATH;
  rmSync(folder, { recursive: true });
});

async function works(...line: readonly string[]): Promise<string> {
  const { code, out, err } = await run(line);
  assert.equal(code, 0, `${line.join(' ')}\n${out}${err}`);
  return out;
}

test('what is no image goes over media with the rest, and lies beside the lock on the other side', async () => {
  const lock = inside('airgap.lock.yaml');
  await works('lock', '-f', inside('site.yaml'), '--lock', lock);
  assert.match(
    await works('mirror', 'run', '--lock', lock, '--to', `dir:${inside('out')}`),
    /charts\/web-1\.0\.0\.tgz/,
  );
  await works('mirror', 'run', '--lock', lock, '--to', `dir:${inside('out')}`);
  await works('mirror', 'pack', '--from', `dir:${inside('out')}`, '--to', `dir:${inside('volumes')}`);
  await works('mirror', 'load', inside('volumes'), '--to', `dir:${inside('in')}`);
  await works('mirror', 'check', inside('in'));
  assert.equal(readFileSync(inside('in/charts/web-1.0.0.tgz'), 'utf8'), chart);
  assert.equal(readFileSync(inside('in/tool'), 'utf8'), 'a tool');
  const verified = await works('verify', '--lock', inside('in/airgap.lock.yaml'), '--no-cluster');
  assert.match(verified, /No difference/);
});

test('a file that is not what the lock pins is told by its name, and the folder is not complete', async () => {
  writeFileSync(inside('tool'), 'another tool');
  const line = ['mirror', 'run', '--lock', inside('airgap.lock.yaml'), '--to', `dir:${inside('other')}`];
  const { code, out } = await run(line);
  assert.equal(code, 1);
  assert.match(out, /FAILED +tool .*has other bytes than the lock pins/);
  assert.throws(() => readFileSync(inside('other/airgap.lock.yaml')));
});
