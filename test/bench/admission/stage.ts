import { spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { celObjects } from '../../../shared/policy/cel/objects.ts';
import type { KubernetesObject } from '../../../shared/policy/cel/kubernetes-object.ts';
import { readPolicy } from '../../../shared/policy/load.ts';
import { admissionObjects } from '../../../plugin/install/admission-objects.ts';
import type { CompiledPolicy } from '../../../shared/policy/compile.ts';
import { askedUnder, changesFor } from '../../../webhook/cluster/asked.ts';
import type { Manifest } from '../../cluster/api.ts';
import { applyPatch } from '../../shared/policy/apply-patch.ts';
import type { ControlPlaneCluster } from '../../cluster/cluster.ts';
import { issue } from '../../x509.ts';
import { policySpec } from './pod.ts';

/** The namespaces of the benchmark: each is judged by what it is named after. */
export const engines = ['bare', 'cel', 'webhook', 'both', 'apply'] as const;
export type Engine = (typeof engines)[number];

const program = path.resolve(import.meta.dirname, '../../../dist/airgap-webhook.mjs');

const policyFor = (...namespaces: readonly Engine[]): object => ({
  apiVersion: 'airgap.dev/v1alpha1',
  kind: 'AirgapPolicy',
  metadata: { name: namespaces.join('-') },
  spec: {
    ...policySpec,
    namespaceSelector: {
      matchExpressions: [{ key: 'kubernetes.io/metadata.name', operator: 'In', values: namespaces }],
    },
  },
});

function compiledFor(...namespaces: readonly Engine[]): CompiledPolicy {
  const read = readPolicy(policyFor(...namespaces));
  if (!read.ok) throw new Error(read.problems.map(({ message }) => message).join('\n'));
  return read.value;
}

function objectsFor(engine: Engine, parts: 'all' | 'validate'): KubernetesObject[] {
  return celObjects([compiledFor(engine)], { parts });
}

/** The same mutation as an apply configuration. It cannot append pull secrets, so it does less. */
function asApplyConfiguration(object: KubernetesObject): KubernetesObject {
  if (object.kind !== 'MutatingAdmissionPolicy') return object;
  const expression = `Object{
    metadata: Object.metadata{annotations: {'airgap.dev/original-images': variables.note}},
    spec: Object.spec{containers: object.spec.containers.filter(x, x.image in variables.results).map(x,
      Object.spec.containers{name: x.name, image: variables.results[x.image]})}}`;
  const mutations = [{ patchType: 'ApplyConfiguration', applyConfiguration: { expression } }];
  return { ...object, spec: { ...object.spec, mutations } };
}

/** Namespaces, policies, and the built webhook as a process of its own, called by URL on loopback. */
export async function setStage(cluster: ControlPlaneCluster): Promise<Disposable> {
  for (const name of engines) {
    await cluster.api.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels: { engine: name } } });
    await cluster.api.apply({
      apiVersion: 'v1',
      kind: 'ServiceAccount',
      metadata: { name: 'default', namespace: name },
    });
  }
  const authority = issue({ cn: 'bench CA', ca: true });
  const leaf = issue({ cn: 'webhook', names: ['IP:127.0.0.1'], by: authority, usages: ['server'] });
  const folder = path.join(cluster.directory, 'bench');
  mkdirSync(folder, { recursive: true });
  const file = (name: string, text: string): string => {
    writeFileSync(path.join(folder, name), text);
    return path.join(folder, name);
  };
  const flags = [
    `--policy=${file('policy.json', JSON.stringify(policyFor('webhook', 'both')))}`,
    `--tls-cert=${file('tls.crt', leaf.pem)}`,
    `--tls-key=${file('tls.key', leaf.keyPem)}`,
    '--port=0',
  ];
  const child = spawn(process.execPath, [program, ...flags], { stdio: ['ignore', 'pipe', 'inherit'] });
  const { promise: port, resolve } = Promise.withResolvers<number>();
  createInterface(child.stdout).on('line', (line) => {
    const said = JSON.parse(line) as { readonly message?: string; readonly port?: number };
    if (said.message === 'serving') resolve(said.port ?? 0);
  });
  const url = `https://127.0.0.1:${await port}`;
  await cluster.api.apply(
    ...registered('webhook', url, authority.pem),
    ...registered('both', url, authority.pem),
    ...objectsFor('cel', 'all'),
    ...objectsFor('both', 'validate'),
    ...objectsFor('apply', 'all').map(asApplyConfiguration),
  );
  return { [Symbol.dispose]: () => void child.kill('SIGKILL') };
}

/** As `install` registers it, with the conditions that the webhook keeps where it runs in the cluster. */
function registered(engine: Engine, url: string, ca: string): Manifest[] {
  const asked = { ...askedUnder([compiledFor('webhook', 'both')], new Map()), custom: [] };
  return admissionObjects('airgap-system', engine === 'both').map((object) => {
    const does = object.kind.startsWith('Mutating') ? 'mutates' : 'validates';
    const webhooks = (object['webhooks'] as readonly object[]).map((webhook) => ({
      ...webhook,
      clientConfig: {
        url: `${url}${does === 'mutates' ? '/mutate' : '/validate'}`,
        caBundle: Buffer.from(ca).toString('base64'),
      },
      namespaceSelector: { matchLabels: { engine } },
    }));
    const one = { ...object, metadata: { name: engine }, webhooks };
    return applyPatch(one, changesFor(asked, webhooks, does)) as Manifest;
  });
}
