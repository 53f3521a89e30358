import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readOptions } from '../../webhook/options.ts';

const pod = { KUBERNETES_SERVICE_HOST: 'fd00::1', KUBERNETES_SERVICE_PORT: '443' };
const files = ['--tls-cert', 'a.crt', '--tls-key', 'a.key'];

test('a policy file means files, none means the cluster, with its own certificate or with files', () => {
  assert.equal(readOptions(['--port', '1', '--policy', 'p.yaml', ...files], {})?.from, 'files');
  const own = readOptions(['--port', '1'], pod);
  assert.ok(own?.from === 'cluster');
  assert.deepEqual([own.tls, own.server, own.host], [null, 'https://[fd00::1]:443', '::']);
  const given = readOptions(['--port', '1', ...files], pod);
  assert.ok(given?.from === 'cluster');
  assert.deepEqual(given.tls, { cert: 'a.crt', key: 'a.key' });
});

test('what does not go together is refused', () => {
  for (const [line, env, problem] of [
    [['--port', '1', '--policy', 'p.yaml'], {}, /needed together/],
    [['--port', '1', '--tls-cert', 'a.crt'], pod, /the last two or none/],
    [['--port', '1', ...files], {}, /runs in a pod only, and this is none/],
    [['--port', '70000'], pod, /from 0 to 65535/],
  ] as const)
    assert.throws(() => readOptions(line, env), problem);
});
