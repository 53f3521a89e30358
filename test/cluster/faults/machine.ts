import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { sandboxImage } from '../cluster-with-node.ts';
import { containerdSocket, verifierDirectory } from '../node/containerd.ts';
import { makeImage } from '../registry/image.ts';
import { tool } from '../tools/build.ts';
import { faultOfHost, type Fault } from './fault.ts';
import { largeImage } from './content.ts';

/** Stands for cosign or notation in containerd's place for such programs: refuses one host with cosign's words. */
const verifier = `#!/bin/sh
case "$*" in
  *unsigned.example.com*) echo 'Error: no signatures found'; exit 1 ;;
esac
`;

const filler = '/var/lib/containerd/filler';

/** Faults of the node itself. Those that stand `alone` would hit every pod that starts meanwhile. */
export const machineFaults: readonly Fault[] = [
  faultOfHost(
    'unsigned',
    'signature-missing',
    ({ cluster }) => writeFileSync(path.join(verifierDirectory(cluster.place), 'cosign'), verifier, { mode: 0o755 }),
    null,
  ),
  {
    id: 'no-sandbox-image',
    causes: ['image-not-found'],
    image: 'registry.example.com/shop/app:1',
    alone: true,
    arrange: async ({ cluster }) => {
      await cluster.registries.main.remove('pause:3.10', await pause());
      const ctr = [await tool('ctr'), '--address', containerdSocket, '--namespace', 'k8s.io'];
      await cluster.place.run([...ctr, 'images', 'remove', '--sync', sandboxImage]);
    },
    cure: async ({ cluster }) => void (await cluster.registries.main.push('pause:3.10', await pause())),
  },
  {
    id: 'disk-full',
    causes: ['disk-full'],
    image: 'registry.example.com/shop/large:1',
    alone: true,
    arrange: async ({ cluster: { registries, place } }) => {
      await registries.main.push('shop/large:1', await largeImage('large'));
      const free = Number((await place.run(['df', '--output=avail', '-B1', '/var/lib/containerd'])).split('\n')[1]);
      await place.run(['fallocate', '-l', `${free - 1_000_000}`, filler]);
    },
    cure: async ({ cluster: { place } }) => void (await place.run(['rm', filler])),
  },
  {
    id: 'slow-kubelet',
    causes: ['kubelet-qps'],
    image: 'registry.example.com/shop/app:1',
    alone: true,
    spec: { containers: containers(15) },
    arrange: ({ cluster }) => cluster.restartKubelet({ registryPullQPS: 1, registryBurst: 1 }),
    cure: ({ cluster }) => cluster.restartKubelet({}),
  },
];

/** So many that a limit of one pull a second leaves some of them without. */
function containers(count: number): unknown[] {
  const image = 'registry.example.com/shop/app:1';
  return Array.from({ length: count }, (_, i) => ({ name: `c${i}`, image, imagePullPolicy: 'Always' }));
}

function pause(): ReturnType<typeof makeImage> {
  return makeImage({ label: 'pause' });
}
