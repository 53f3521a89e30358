import assert from 'node:assert/strict';
import { chmodSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { collect } from '../../../../plugin/cluster/collect.ts';
import { openLive } from '../../../../plugin/cluster/live.ts';
import { fakeApi } from '../../../fake/api-server.ts';
import { workspace } from '../../commands/workspace.ts';
import { withPath } from '../../with-path.ts';

const says = (text: string): string => `#!/bin/sh\nprintf '%s\\n' ${text}\n`;
const folder = workspace({
  kubectl: says(`'Client Version: v1.36.1' 'Kustomize Version: v5.7.1'`),
  helm: '#!/bin/sh\necho broken >&2\nexit 1\n',
  regctl: says(`'VCSTag:     v0.11.7' 'VCSRef: 00'`),
});
for (const name of ['kubectl', 'helm', 'regctl']) chmodSync(path.join(folder, name), 0o755);

test('each program on the PATH tells its release, and one that is not there is told as missing', async () => {
  await using api = await fakeApi(() => assert.fail('nothing else is asked'));
  const cluster = await openLive(api.connection, { registries: [] });
  const { tools } = await withPath(folder, () => collect(cluster, new Set(['tools'])));
  assert.deepEqual(tools.items, [
    { name: 'api-server', version: '1.37.2' },
    { name: 'kubectl', version: '1.36.1' },
    { name: 'helm', version: '' },
    { name: 'regctl', version: '0.11.7' },
    { name: 'skopeo', version: null },
  ]);
});
