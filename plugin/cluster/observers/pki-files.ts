import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { parse } from 'yaml';
import { onlyCertificates } from '../../../shared/cert/bundle.ts';
import { messageOf } from '../../../shared/errors.ts';
import { array, record, text, type Json } from '../../../shared/kube/json.ts';
import type { Observer } from '../observer.ts';

const deepest = 6;
const mostFiles = 5000;
const largest = 1 << 20;

/**
 * The certificates under `--pki-dir`: a node's /etc/kubernetes, /var/lib/kubelet or /var/lib/rancher, or copies of
 * them. Files of keys are not opened; of a file that holds both, only the certificates are kept. Links to files are
 * followed, since kubelet-client-current.pem is one; links to directories are not.
 */
export const observePkiFiles: Observer = async (_connection, _snapshot, { pkiDir, signal }, visit) => {
  if (pkiDir === undefined) return { why: 'not-asked', reason: 'pass --pki-dir DIR to look at the files of a node' };
  let files: readonly string[];
  try {
    files = await filesUnder(pkiDir);
  } catch (error) {
    return { why: 'failed', reason: `${pkiDir} cannot be read: ${messageOf(error)}` };
  }
  for (const file of files) {
    if (signal.aborted) return { why: 'failed', reason: 'the examination was stopped' };
    const item = await look(path.join(pkiDir, file));
    if (item !== undefined) visit({ path: file, file: path.join(pkiDir, file), ...item });
  }
  if (files.length === 0) return { why: 'failed', reason: `${pkiDir} holds no certificate files` };
  return files.length < mostFiles ? null : { why: 'failed', reason: `${pkiDir} holds more than ${mostFiles} files` };
};

const certificateFile = /\.(crt|cert|cer|pem)$/i;
const keyFile = /(\.key|[-_.]key\.pem)$/i;
/** admin.conf of kubeadm, admin.kubeconfig of k3s and RKE2. */
const kubeconfigFile = /\.(conf|kubeconfig)$/i;

async function filesUnder(root: string): Promise<string[]> {
  const found: string[] = [];
  const walk = async (folder: string, depth: number): Promise<void> => {
    const entries = await readdir(path.join(root, folder), { withFileTypes: true });
    for (const entry of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
      const at = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (entry.isDirectory() && depth < deepest) await walk(at, depth + 1);
      const wanted = (certificateFile.test(entry.name) && !keyFile.test(entry.name)) || kubeconfigFile.test(entry.name);
      if ((entry.isFile() || entry.isSymbolicLink()) && wanted && found.length < mostFiles) found.push(at);
    }
  };
  await walk('', 1);
  return found;
}

async function look(file: string): Promise<Json | undefined> {
  try {
    const facts = await stat(file);
    if (!facts.isFile()) return undefined;
    if (facts.size > largest) return { error: 'it is larger than 1 MiB' };
    const content = await readFile(file, 'latin1');
    return kubeconfigFile.test(file) ? await fromKubeconfig(file, content) : { pem: onlyCertificates(content) };
  } catch (error) {
    return { error: messageOf(error) };
  }
}

/** Undefined for a `.conf` that is no kubeconfig, or one whose user logs in without a certificate. */
async function fromKubeconfig(file: string, content: string): Promise<Json | undefined> {
  let config: Json;
  try {
    config = record(parse(content, { maxAliasCount: 0 }));
  } catch {
    return undefined;
  }
  if (config['kind'] !== 'Config') return undefined;
  const user = record(record(array(config['users'])[0])['user']);
  const cluster = record(record(array(config['clusters'])[0])['cluster']);
  const certificate = await pemOf(file, user, 'client-certificate');
  const ca = await pemOf(file, cluster, 'certificate-authority');
  if (certificate === undefined) return undefined;
  return { pem: certificate, ...(ca === undefined ? {} : { ca }) };
}

async function pemOf(file: string, entry: Json, field: string): Promise<string | undefined> {
  const data = text(entry[`${field}-data`]);
  if (data !== undefined) return onlyCertificates(Buffer.from(data, 'base64').toString('latin1'));
  const named = text(entry[field]);
  if (named === undefined) return undefined;
  // A copied folder names paths of the node it came from; what is not there is simply not seen.
  const content = await readFile(path.resolve(path.dirname(file), named), 'latin1').catch(() => undefined);
  return content === undefined ? undefined : onlyCertificates(content);
}
