import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { velero } from '../../../plugin/supply/exports/velero.ts';
import { tool } from '../../cluster/tools/build.ts';
import { digest, lockOf } from '../../plugin/supply/exports/lock.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'airgap-velero-'));
after(() => rmSync(folder, { recursive: true }));

/** What Velero's own code makes of each image; more than one result where the order of the rows matters. */
async function restored(configMap: string, images: readonly string[]): Promise<string[][]> {
  const file = path.join(folder, 'map.yaml');
  writeFileSync(file, configMap);
  const out = execFileSync(await tool('velero-rename'), [file], { input: `${images.join('\n')}\n`, encoding: 'utf8' });
  return out
    .trim()
    .split('\n')
    .map((line) => line.split(' '));
}

test("Velero's own code gives every image its place in the mirror, in whatever order it comes to the rows", async () => {
  const mirrors = {
    'docker.io/library/nginx:1.27': 'mirror.internal/hub/library/nginx:1.27',
    [`quay.io/acme/db@${digest('a')}`]: `mirror.internal/quay/acme/db@${digest('a')}`,
    'quay.io/acme/app:1': 'mirror.internal/quay/acme/app:1',
    'registry.example:5000/tools/cli:2': 'second.internal/tools/cli:2',
    'ghcr.io/one/tool:1': 'mirror.internal/renamed:1',
    '[fd00::1]:5000/six/app:1': 'mirror.internal/six/app:1',
  };
  const [map] = velero(lockOf(mirrors), { plainHttp: [], name: 'airgap' }).files;
  const others = ['gcr.io/not/locked:1', 'nginx:1.27'];
  const results = await restored(map?.text ?? '', [...Object.keys(mirrors), ...others]);
  assert.deepEqual(
    results,
    [...Object.values(mirrors), ...others].map((image) => [image]),
  );
});

test('rows that are refused here are those that Velero would apply now one way and now the other', async () => {
  const mirrors = {
    'quay.io/a/app:1': 'mirror.internal/quay/a/app:1',
    'second.internal/quay.io/b:1': 'mirror.internal/elsewhere/b:1',
  };
  assert.throws(() => velero(lockOf(mirrors), { plainHttp: [], name: 'airgap' }), /random order/);
  const labels = '{velero.io/plugin-config: "", velero.io/change-image-name: RestoreItemAction}';
  const rows = '{r1: "quay.io/,mirror.internal/quay/", r2: "second.internal/quay.io/,mirror.internal/elsewhere/"}';
  const map = `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x, labels: ${labels}}\ndata: ${rows}\n`;
  const [[...results] = []] = await restored(map, ['second.internal/quay.io/b:1']);
  assert.equal(results.length, 2);
});
