import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startControlPlane } from './cluster.ts';

test('a control plane serves, admits pods and creates service accounts in new namespaces', async () => {
  await using cluster = await startControlPlane();
  const version = JSON.parse(await cluster.kubectl(['version', '-o', 'json'])) as Record<
    string,
    { gitVersion: string }
  >;
  assert.equal(version['serverVersion']?.gitVersion, 'v1.37.2');
  await cluster.api.apply(
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } },
    { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'c', namespace: 'shop' }, data: { a: '1' } },
  );
  assert.equal((await cluster.kubectl(['get', 'cm', 'c', '-n', 'shop', '-o', 'jsonpath={.data.a}'])).trim(), '1');
});
