import assert from 'node:assert/strict';
import { execFile, execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { promisify } from 'node:util';

const dist = path.resolve(import.meta.dirname, '../../dist');
const folder = mkdtempSync(path.join(tmpdir(), 'airgap-completion-'));
after(() => rmSync(folder, { recursive: true }));
for (const name of ['kubectl-airgap', 'kubectl_complete-airgap'])
  symlinkSync(path.join(dist, `${name}.mjs`), path.join(folder, name));
const env = { ...process.env, PATH: `${folder}:${process.env['PATH']}`, KUBECONFIG: path.join(folder, 'config') };

async function ask(...words: string[]): Promise<{ lines: string[]; stderr: string }> {
  const { stdout, stderr } = await promisify(execFile)('kubectl_complete-airgap', words, { env });
  return { lines: stdout.trimEnd().split('\n'), stderr };
}

async function serve(answer: RequestListener): Promise<void> {
  const server = createServer(answer).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  after(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  writeFileSync(
    path.join(folder, 'config'),
    JSON.stringify({
      'current-context': 'site',
      contexts: ['site', 'lab'].map((name) => ({ name, context: { cluster: 'one', user: '' } })),
      clusters: [{ name: 'one', cluster: { server: `http://127.0.0.1:${port}` } }],
      users: [],
    }),
  );
}

test('candidates come with their descriptions after a tab, and a directive at the end', async () => {
  const { lines } = await ask('vers');
  assert.match(lines[0] ?? '', /^version\tPrint the version/);
  assert.deepEqual(lines.slice(1), [':4']);
});

test('contexts come from the kubeconfig and namespaces from the cluster', async () => {
  const items = ['default', 'shop'].map((name) => ({ metadata: { name, uid: name } }));
  await serve(({ url }, response) => {
    const body = url?.startsWith('/version')
      ? { gitVersion: 'v1.37.2' }
      : { kind: 'NamespaceList', metadata: {}, items };
    response.setHeader('content-type', 'application/json').end(JSON.stringify(body));
  });
  assert.deepEqual((await ask('doctor', '--context', '')).lines, ['site', 'lab', ':4']);
  assert.deepEqual((await ask('doctor', '-n', '')).lines, ['default', 'shop', ':4']);
  assert.deepEqual((await ask('doctor', '--context', 'lab', '-n', 's')).lines, ['shop', ':4']);
});

test('a cluster that is silent, or gone, is given up and says nothing', async () => {
  await serve(() => undefined);
  assert.deepEqual(await ask('doctor', '-n', ''), { lines: [':4'], stderr: '' });
  assert.deepEqual(await ask('doctor', '--kubeconfig', '/nonexistent', '-n', ''), { lines: [':4'], stderr: '' });
});

test('a real bash offers what the program answers', () => {
  const script = [
    'source <(kubectl-airgap completion bash)',
    'complete -p kubectl-airgap',
    'try() { COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _kubectl_airgap 2>/dev/null; echo "${COMPREPLY[*]}"; }',
    'try kubectl-airgap doc',
    'try kubectl-airgap doctor --output ""',
    'try kubectl-airgap explain rbac-role',
    'try kubectl-airgap doctor certs m',
  ].join('\n');
  assert.deepEqual(execFileSync('bash', ['-c', script], { env, encoding: 'utf8' }).trimEnd().split('\n'), [
    'complete -F _kubectl_airgap kubectl-airgap',
    'doctor',
    'table wide short json yaml junit',
    'rbac-role-missing',
    'mirror',
  ]);
});
