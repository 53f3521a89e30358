import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import type { Connection } from '../../../../plugin/cluster/connection.ts';
import { observePkiFiles } from '../../../../plugin/cluster/observers/pki-files.ts';
import type { Gap } from '../../../../plugin/cluster/snapshot.ts';
import type { Json } from '../../../../shared/kube/json.ts';
import { base64, issue } from '../../../x509.ts';
import { collected } from '../../doctor/snapshot.ts';

const ca = issue({ cn: 'kubernetes', ca: true });
const client = issue({ cn: 'kubernetes-admin', by: ca });

function folder(files: Readonly<Record<string, string>>): { root: string; [Symbol.dispose]: () => void } {
  const root = mkdtempSync(path.join(tmpdir(), 'airgap-pki-'));
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(root, name)), { recursive: true });
    writeFileSync(path.join(root, name), content);
  }
  return { root, [Symbol.dispose]: () => rmSync(root, { recursive: true }) };
}

async function look(pkiDir: string | undefined): Promise<{ gap: Gap | null; seen: Json[] }> {
  const seen: Json[] = [];
  const options = { registries: [], signal: new AbortController().signal, ...(pkiDir === undefined ? {} : { pkiDir }) };
  const gap = await observePkiFiles({} as Connection, collected({}), options, (raw) => seen.push(raw));
  return { gap, seen };
}

const kubeconfig = (user: string): string =>
  `apiVersion: v1\nkind: Config\nclusters:\n- cluster: {certificate-authority-data: ${base64(ca.pem)}}\nusers:\n- user: {${user}}\n`;

test('certificates and kubeconfigs are found, keys are left where they are', async () => {
  using pki = folder({
    'pki/apiserver.crt': client.pem,
    'pki/apiserver.key': client.keyPem,
    'pki/etcd/server.crt': client.pem,
    'pki/server-key.pem': client.keyPem,
    'kubelet/kubelet-client-2026.pem': client.keyPem + client.pem,
    'admin.conf': kubeconfig(
      `client-certificate-data: ${base64(client.pem)}, client-key-data: ${base64(client.keyPem)}`,
    ),
    'relative.kubeconfig': kubeconfig('client-certificate: pki/apiserver.crt, client-key: pki/apiserver.key'),
    'token.conf': kubeconfig('token: hunter2'),
    'resolv.conf': 'nameserver 192.0.2.1\n',
    'manifests/kube-apiserver.yaml': 'kind: Pod',
  });
  symlinkSync(
    path.join(pki.root, 'kubelet/kubelet-client-2026.pem'),
    path.join(pki.root, 'kubelet/kubelet-client-current.pem'),
  );
  symlinkSync(pki.root, path.join(pki.root, 'loop'));
  const { gap, seen } = await look(pki.root);
  assert.equal(gap, null);
  assert.deepEqual(
    seen.map((item) => item['path']),
    [
      'admin.conf',
      'kubelet/kubelet-client-2026.pem',
      'kubelet/kubelet-client-current.pem',
      'pki/apiserver.crt',
      'pki/etcd/server.crt',
      'relative.kubeconfig',
    ],
  );
  for (const item of seen) assert.ok(String(item['pem']).includes(client.pem), String(item['path']));
  assert.ok(String(seen[0]?.['ca']).includes(ca.pem));
  const all = JSON.stringify(seen);
  assert.ok(!all.includes('PRIVATE') && !all.includes('hunter2') && !all.includes(client.keyPem.split('\n')[1] ?? '?'));
});

test('what cannot be read is an item that says so', async () => {
  using pki = folder({ 'huge.crt': '' });
  truncateSync(path.join(pki.root, 'huge.crt'), 2 << 20);
  symlinkSync('/nowhere/at/all.pem', path.join(pki.root, 'gone.pem'));
  const { seen } = await look(pki.root);
  assert.deepEqual(
    seen.map(({ path: at, error }) => [at, String(error).split(':')[0]]),
    [
      ['gone.pem', 'no such file or directory'],
      ['huge.crt', 'it is larger than 1 MiB'],
    ],
  );
});

test('no directory, no such directory and an empty one are gaps', async () => {
  using pki = folder({});
  assert.equal((await look(undefined)).gap?.why, 'not-asked');
  assert.match((await look(`${pki.root}/none`)).gap?.reason ?? '', /cannot be read: no such file or directory$/);
  assert.match((await look(pki.root)).gap?.reason ?? '', /holds no certificate files/);
});
