import { execFile, execFileSync } from 'node:child_process';
import path from 'node:path';
import { mediaTypes } from '../../../image/oci.ts';
import { webhookImage } from '../../../image/webhook-image.ts';
import { run } from '../../plugin/commands/run.ts';
import type { Manifest } from '../api.ts';
import type { NodeCluster } from '../cluster-with-node.ts';
import { makeImage } from '../registry/image.ts';
import { tool } from '../tools/build.ts';

const root = path.resolve(import.meta.dirname, '../../..');
export const namespace = 'airgap-system';
export const mirror = 'registry.example.com';
const webhook = 'airgap/webhook:1';
export const image = `${mirror}/${webhook}`;

/** Pushes the image of the built webhook, and what the stories run, to the cluster's registry. */
export async function fillRegistry(cluster: NodeCluster, ...references: readonly string[]): Promise<void> {
  execFileSync(process.execPath, ['build.ts', '--if-stale'], { cwd: root, stdio: ['ignore', 2, 2] });
  const { main } = cluster.registries;
  const assembled = await webhookImage(process.execPath);
  await main.push(webhook, { mediaType: mediaTypes.manifest, ...assembled, children: [] });
  for (const reference of references) await main.push(reference, await makeImage({ label: reference }));
}

/** Runs `kubectl airgap install` against the cluster and waits until both pods serve. */
export async function install(cluster: NodeCluster, ...flags: string[]): Promise<string> {
  // Only the node knows the registry by its name.
  const line = [
    'install',
    '--image',
    `${mirror}/${webhook}`,
    '--skip-image-check',
    '--kubeconfig',
    cluster.kubeconfig,
    ...flags,
  ];
  const { code, out, err } = await run(line);
  if (code !== 0) throw new Error(`install ended with ${code}:\n${err}`);
  return out;
}

export const policy = (spec: object = {}, name = 'default'): Manifest => ({
  apiVersion: 'airgap.dev/v1alpha1',
  kind: 'AirgapPolicy',
  metadata: { name },
  spec: {
    mode: 'Enforce',
    mirrors: [{ sourcePrefix: 'docker.io/library', targetPrefix: `${mirror}/library` }],
    exemptions: [{ namespaces: ['exempt'], reason: 'a vendor who insists' }],
    ...spec,
  },
});

/** What a user of kubectl sees; `said` is standard error, where warnings and refusals are. */
export async function kubectl(
  cluster: NodeCluster,
  line: readonly string[],
  input = '',
): Promise<{ readonly ok: boolean; readonly out: string; readonly said: string }> {
  const program = await tool('kubectl');
  return new Promise((resolve) => {
    const child = execFile(program, ['--kubeconfig', cluster.kubeconfig, ...line], (error, out, said) =>
      resolve({ ok: error === null, out, said }),
    );
    child.stdin?.end(input);
  });
}

export interface Pod {
  readonly metadata: { readonly name: string; readonly annotations?: Readonly<Record<string, string>> };
  readonly spec: Readonly<Record<string, readonly { readonly image?: string | { readonly reference: string } }[]>>;
  readonly status: {
    readonly phase: string;
    readonly podIP?: string;
    readonly containerStatuses?: readonly {
      readonly imageID: string;
      readonly containerID?: string;
      readonly ready: boolean;
    }[];
  };
}

/** The pods of a namespace, those that are being deleted left out. */
export async function podsOf(cluster: NodeCluster, where = 'default', selector = ''): Promise<Pod[]> {
  const query = selector === '' ? '' : `?labelSelector=${encodeURIComponent(selector)}`;
  const { items } = await cluster.api.get<{ items: (Pod & { metadata: { deletionTimestamp?: string } })[] }>(
    `/api/v1/namespaces/${where}/pods${query}`,
  );
  return items.filter(({ metadata }) => metadata.deletionTimestamp === undefined);
}

/** Every image that a pod names, wherever it does. */
export function imagesOf({ spec }: Pod): string[] {
  const holders = ['containers', 'initContainers', 'ephemeralContainers', 'volumes'];
  return holders.flatMap((holder) =>
    (spec[holder] ?? []).flatMap(({ image }) => (typeof image === 'object' ? image.reference : (image ?? []))),
  );
}
