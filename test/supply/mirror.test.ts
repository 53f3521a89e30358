import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { run } from '../plugin/commands/run.ts';
import { freePorts } from '../cluster/ports.ts';
import { startDistribution, type Registry } from '../cluster/registry/distribution.ts';
import { makeImage, makeIndex, type Image } from '../cluster/registry/image.ts';
import { makeLayer } from '../../image/oci.ts';
import { releaseSlot, takeSlot, type Slot } from '../cluster/state.ts';
import { tool } from '../cluster/tools/build.ts';
import { fakeRegistry, tinyImage, type Handler } from '../fake/registry.ts';
import type { MirrorPlan } from '../../plugin/supply/mirror/plan-report.ts';
import type { MirrorReport } from '../../plugin/supply/mirror/run-report.ts';
import { assertFits } from '../schema.ts';

let slot: Slot;
let source: Registry;
let mirror: Registry;
let folder: string;
let [app, db]: Image[] = [];
const inside = (name: string): string => path.join(folder, name);

before(async () => {
  slot = takeSlot();
  folder = mkdtempSync(path.join(tmpdir(), 'airgap-mirror-'));
  process.env['PATH'] = `${path.dirname(await tool('regctl'))}:${process.env['PATH']}`;
  const [one = 0, two = 0] = await freePorts(2);
  source = await startDistribution(slot, { name: 'source', address: '127.0.0.1', port: one });
  mirror = await startDistribution(slot, { name: 'mirror', address: '127.0.0.1', port: two, engine: 'v3' });
  const layers = [await makeLayer([{ name: 'shared', content: 'of both '.repeat(1000) }])];
  [app, db] = [await makeIndex(['linux/amd64', 'linux/arm64'], { layers }), await makeImage({ label: 'db', layers })];
  await source.push('app:1', app);
  await source.push('db:1', db);
  const signature = await makeImage({ label: 'signature', layers });
  await source.push(`app:${app.manifest.digest.replace(':', '-')}.sig`, signature);
  writeFileSync(inside('list.txt'), `${source.host}/app:1\n${source.host}/db:1\n`);
  writeFileSync(
    inside('policy.yaml'),
    `apiVersion: airgap.dev/v1alpha1\nkind: AirgapPolicy\nmetadata: {name: default}\nspec:\n  mirrors:\n    - {sourcePrefix: "${source.host}", targetPrefix: "${mirror.host}/copy"}\n`,
  );
  const files = ['--list', inside('list.txt'), '--policy', inside('policy.yaml'), '--lock', inside('lock.yaml')];
  const locked = await run(['lock', ...files]);
  assert.equal(locked.code, 0, locked.err + locked.out);
});
after(async () => {
  await source.stop();
  await mirror.stop();
  releaseSlot(slot);
  rmSync(folder, { recursive: true });
});

async function mirrored(...args: readonly string[]): Promise<{ code: number; report: MirrorReport; err: string }> {
  const { code, out, err } = await run(['mirror', 'run', '-o', 'json', ...args]);
  assert.notEqual(out, '', err);
  const report: unknown = JSON.parse(out);
  assertFits('schemas/mirror-report.schema.json', report);
  return { code, report: report as MirrorReport, err };
}

async function planned(...args: readonly string[]): Promise<MirrorPlan> {
  const { code, out, err } = await run(['mirror', 'plan', '-o', 'json', ...args]);
  assert.equal(code, 0, err);
  return JSON.parse(out) as MirrorPlan;
}

test('from registry to folder, and from the folder to the mirror', async () => {
  const media = `dir:${inside('media')}`;
  const before = await planned('--lock', inside('lock.yaml'), '--to', media, '--rate', '1MB/s');
  assert.deepEqual([before.summary.copy, before.summary.missing], [2, before.summary.unique]);
  assert.ok(before.disk?.enough === true && before.summary.seconds === 1);
  const filled = await mirrored('--lock', inside('lock.yaml'), '--to', media);
  assert.deepEqual([filled.code, filled.report.summary.copied], [0, 2], JSON.stringify(filled, null, 1));
  assert.equal(readFileSync(inside('media/airgap.lock.yaml'), 'utf8'), readFileSync(inside('lock.yaml'), 'utf8'));
  const shared = await planned('--from', media);
  assert.ok(shared.summary.move > shared.summary.missing, 'a layer that two repositories share travels twice');
  const loaded = await mirrored('--from', media);
  assert.deepEqual([loaded.code, loaded.report.summary.copied], [0, 2], JSON.stringify(loaded, null, 1));
  const after = await planned('--lock', inside('lock.yaml'));
  assert.deepEqual([after.summary.present, after.summary.move], [2, 0]);
  const again = await mirrored('--lock', inside('lock.yaml'));
  assert.deepEqual([again.code, again.report.summary.present], [0, 2], JSON.stringify(again, null, 1));
});

test('every line of the page about it runs, in its order', async () => {
  const page = readFileSync(path.join(import.meta.dirname, '../../docs/mirror.md'), 'utf8');
  const lines = [...page.matchAll(/^```shell\n(.*?)^```/gms)].flatMap(([, block = '']) => block.trimEnd().split('\n'));
  assert.ok(lines.length >= 7);
  const home = process.cwd();
  mkdirSync(inside('page/manifests'), { recursive: true });
  writeFileSync(inside('page/policy.yaml'), readFileSync(inside('policy.yaml'), 'utf8').replace('/copy', '/page'));
  const pod = `{kind: Pod, spec: {containers: [{image: "${source.host}/app:1"}, {image: "${source.host}/db:1"}]}}`;
  writeFileSync(inside('page/manifests/pod.yaml'), pod);
  process.chdir(inside('page'));
  try {
    for (const line of lines) {
      const [first, second, ...words] = line.split(' ');
      assert.deepEqual([first, second], ['kubectl', 'airgap'], line);
      const { code, out, err } = await run(words);
      assert.equal(code, 0, `${line}\n${out}${err}`);
    }
  } finally {
    process.chdir(home);
  }
});

test('ended by SIGTERM it leaves no login and no engine behind, and a killed one is taken up', async () => {
  const slow: Handler = (_, response) => void response.writeHead(200, { 'content-length': 1_000_000 }).write('x');
  const stuck = tinyImage();
  const answers: [RegExp, Handler][] = [];
  const manifests = { 'stuck:1': stuck.manifest, [`stuck@${stuck.digest}`]: stuck.manifest };
  await using fake = await fakeRegistry({ manifests, blobs: stuck.blobs, answers });
  writeFileSync(inside('stuck.txt'), `${fake.host}/stuck:1\n`);
  const files = ['--list', inside('stuck.txt'), '--lock', inside('stuck.lock.yaml')];
  const locked = await run(['lock', ...files, '--policy', inside('policy.yaml')]);
  assert.equal(locked.code, 0, locked.err);
  answers.push([new RegExp(`GET .*${stuck.layer}`), slow]);
  const main = path.resolve(import.meta.dirname, '../../plugin/main.ts');
  const line = [main, 'mirror', 'run', '--lock', inside('stuck.lock.yaml'), '--to', `dir:${inside('stuck media')}`];
  const ended: (number | undefined)[] = [];
  for (const signal of ['SIGKILL', 'SIGTERM'] as const) {
    const child = spawn(process.execPath, line, { stdio: 'ignore' });
    const own = (): string[] =>
      readdirSync(tmpdir()).filter((name) => name.startsWith(`kubectl-airgap-mirror-${child.pid}-`));
    // The engine of the killed run is nobody's child any more, and ends when it finds nobody to talk to.
    const copying = (): boolean =>
      execFileSync('ps', ['-eo', 'ppid,args'], { encoding: 'utf8' })
        .split('\n')
        .some((text) => text.trim().startsWith(`${child.pid} `) && text.includes('regctl image copy'));
    while (!copying()) await new Promise((resolve) => setTimeout(resolve, 50));
    assert.equal(own().length, 1);
    ended.push(child.pid);
    child.kill(signal);
    const [, by] = (await once(child, 'exit')) as [number | null, string | null];
    assert.equal(by, signal);
    assert.equal(own().length, signal === 'SIGTERM' ? 0 : 1);
  }
  answers.splice(0);
  const whole = await mirrored('--lock', inside('stuck.lock.yaml'), '--to', `dir:${inside('stuck media')}`);
  assert.deepEqual([whole.code, whole.report.summary.copied], [0, 1]);
  assert.deepEqual(readdirSync(inside('stuck media')).toSorted(), [
    'airgap.lock.yaml',
    'blobs',
    'index.json',
    'oci-layout',
  ]);
  for (const pid of ended)
    assert.ok(!readdirSync(tmpdir()).some((name) => name.startsWith(`kubectl-airgap-mirror-${pid}-`)));
});
