import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { reasons } from '../../../plugin/doctor/reasons.ts';
import { run } from './run.ts';
import { policyYaml, workspace } from './workspace.ts';

const example = path.resolve(import.meta.dirname, '../../../examples/broken-cluster');
const pod = 'apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec: {containers: [{name: c, image: "evil.io/x:1"}]}\n';
const folder = workspace({ 'Rewrite.yaml': policyYaml('Rewrite'), 'Enforce.yaml': policyYaml('Enforce') });

test('without a cluster, a command says how it does without one, by a flag that it has', async () => {
  const hint = async (...line: string[]): Promise<string> => (await run(line)).err.split('\n')[1] ?? '';
  assert.match(await hint('doctor'), /--kubeconfig FILE; or look into a recording with --from PATH\.$/);
  assert.match(
    await hint('check', '-f', '-'),
    /--kubeconfig FILE; or read the policy from a file with --policy FILE\.$/,
  );
  assert.match(await hint('dump', '-o', 'x.tar.gz'), /--kubeconfig FILE\.$/);
});

test('a file that is not there is said to be no more than that', async () => {
  const cases: [string[], string][] = [
    [
      ['verify', '--lock', '/nowhere/a.yaml'],
      'error: There is no lock at /nowhere/a.yaml.\nMake one with "kubectl airgap',
    ],
    [['verify', '--lock', '/'], 'error: The lock / cannot be read: it is a folder.\n'],
    [
      ['images', '-f', '/nowhere'],
      'error: /nowhere cannot be read: no such file or directory.\nCheck the path after -f.\n',
    ],
    [['doctor', '--from', '/nowhere'], 'error: There is no recording at /nowhere.\n'],
    [['explain', 'pod', 'x', '--from', example], 'error: The recording holds no Pod x in namespace default.\n'],
  ];
  for (const [line, said] of cases) {
    const { code, err } = await run(line);
    assert.deepEqual([code, err.slice(0, said.length)], [2, said]);
  }
});

test('a namespace that is not there has not been examined', async () => {
  for (const command of ['doctor', 'images']) {
    const near = await run([command, '--from', example, '-n', 'paymnts']);
    assert.deepEqual([near.code, near.out], [2, '']);
    assert.match(near.err, /^error: There is no namespace "paymnts" in .*\nDid you mean "payments"\?\n$/);
  }
  assert.match(
    (await run(['doctor', '--from', example, '-n', 'x'])).err,
    /\nThere are default, kube-node-lease, .*tools\.\n$/,
  );
  assert.equal((await run(['doctor', 'rbac', '--from', example, '-n', 'payments'])).code, 0);
});

test('what was not searched for one reason is told in one sentence', async () => {
  const pods = workspace({ 'pods.json': readFileSync(path.join(example, 'pods.json'), 'utf8') });
  const { out } = await run(['images', '--from', pods, '--why', 'redis:7.2']);
  assert.match(out, /\n1 image from 1 registry\.\nNot searched: cronjobs\.batch, [^:]*daemonsets\.apps, /);
  assert.equal(out.match(/Not searched/g)?.length, 1);
  assert.match(out, /statefulsets\.apps: the\s+recording does not hold them\.\n$/);
  const told = ['the recording does not hold pods', 'you may not list nodes', 'the recording does not hold events'];
  assert.equal(reasons([...told, ...told]), 'the recording does not hold pods, events; you may not list nodes');
});

test('what a recording cannot be asked is said, and not passed over', async () => {
  const { err } = await run(['doctor', 'rbac', '--from', example, '--registry', 'r.example', '--pki-dir', '/etc']);
  assert.equal(
    err,
    'warning: --registry, --pki-dir: nothing is looked at with --from; the recording holds what "dump" looked at\n',
  );
});

test('a recording beside manifests is refused, and not passed over', async () => {
  const { code, err } = await run(['images', '-f', '-', '--from', example], pod);
  assert.deepEqual(
    [code, err.split('\n')[0]],
    [2, 'error: With -f or --list no recording is searched, so --from would be passed over.'],
  );
});

test('-o json prints JSON, of a role too', async () => {
  const { out } = await run(['doctor', 'pulls', '--print-rbac', '-o', 'json']);
  assert.equal((JSON.parse(out) as { kind: string }).kind, 'List');
});

test('a platform that no lock could hold is refused before anything is looked up', async () => {
  for (const line of [
    ['lock', '-f', '-', '--platform', 'amd64'],
    ['mirror', 'plan', '--platform', 'amd64'],
  ]) {
    const { code, err } = await run(line, pod);
    assert.deepEqual([code, err.split('\n')[0]], [2, 'error: "amd64" is no platform.']);
  }
});

test('check says what admission would make of it', async () => {
  const last = async (mode: string): Promise<string> =>
    (await run(['check', '--policy', path.join(folder, `${mode}.yaml`), '-f', '-'], pod)).out.split('\n').at(-2) ?? '';
  assert.equal(await last('Enforce'), '1 would be rejected at admission.');
  assert.match(await last('Rewrite'), /^None would be rejected at admission: the mode does not reject yet/);
});
