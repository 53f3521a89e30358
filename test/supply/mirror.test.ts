import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { Ajv } from 'ajv';
import { run } from '../plugin/commands/run.ts';
import { freePorts } from '../cluster/ports.ts';
import { startDistribution, type Registry } from '../cluster/registry/distribution.ts';
import { makeImage, makeIndex, type Image } from '../cluster/registry/image.ts';
import { makeLayer } from '../../image/oci.ts';
import { releaseSlot, takeSlot, type Slot } from '../cluster/state.ts';
import { tool } from '../cluster/tools/build.ts';
import type { MirrorReport } from '../../plugin/supply/mirror/run-report.ts';

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

const schema = readFileSync(path.join(import.meta.dirname, '../../schemas/mirror-report.schema.json'), 'utf8');
const validate = new Ajv({ allowUnionTypes: true }).compile(JSON.parse(schema) as object);

async function mirrored(...args: readonly string[]): Promise<{ code: number; report: MirrorReport; err: string }> {
  const { code, out, err } = await run(['mirror', 'run', '-o', 'json', ...args]);
  assert.notEqual(out, '', err);
  const report: unknown = JSON.parse(out);
  assert.ok(validate(report), JSON.stringify(validate.errors));
  return { code, report: report as MirrorReport, err };
}

test('from registry to folder, and from the folder to the mirror', async () => {
  const media = `dir:${inside('media')}`;
  const filled = await mirrored('--lock', inside('lock.yaml'), '--to', media);
  assert.deepEqual([filled.code, filled.report.summary.copied], [0, 2], JSON.stringify(filled, null, 1));
  assert.equal(readFileSync(inside('media/airgap.lock.yaml'), 'utf8'), readFileSync(inside('lock.yaml'), 'utf8'));
  const loaded = await mirrored('--from', media);
  assert.deepEqual([loaded.code, loaded.report.summary.copied], [0, 2], JSON.stringify(loaded, null, 1));
  const again = await mirrored('--lock', inside('lock.yaml'));
  assert.deepEqual([again.code, again.report.summary.present], [0, 2], JSON.stringify(again, null, 1));
});
