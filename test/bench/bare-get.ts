// What `doctor` is measured against: one GET of all pods, read to the end and thrown away. Nothing of kubectl airgap is
// loaded; the connection is made as the kubeconfig says, with the same headers that doctor sends to a loopback.
import { readFileSync } from 'node:fs';
import https from 'node:https';

const [server = '', pki = ''] = process.argv.slice(2);
const file = (name: string): string => readFileSync(`${pki}/${name}`, 'utf8');
https.get(
  `${server}/api/v1/pods`,
  { ca: file('ca.crt'), cert: file('admin.crt'), key: file('admin.key'), headers: { accept: 'application/json' } },
  (response) => {
    let bytes = 0;
    response.on('data', (chunk: Buffer) => (bytes += chunk.length));
    response.on('end', () => console.log(JSON.stringify({ status: response.statusCode, bytes })));
  },
);
