import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Running } from '../processes.ts';
import { waitFor } from '../processes.ts';
import { debianFile } from '../tools/debian.ts';
import { tools } from '../tools/build.ts';
import { podRange, type Namespaces } from './namespaces.ts';

/** The node's `/etc/containerd/certs.d` as seen from outside; containerd reads it anew at every pull. */
export function hostsDirectory(place: Namespaces): string {
  return path.join(place.slot.directory, 'certs.d');
}

/** Programs that containerd asks whether an image may be pulled; none at first. */
export function verifierDirectory(place: Namespaces): string {
  return path.join(place.slot.directory, 'image-verifiers');
}

export const containerdSocket = '/run/containerd/containerd.sock';

/** Starts containerd with the CRI plugin; `environment` is where a proxy is set. */
export async function startContainerd(
  place: Namespaces,
  sandboxImage: string,
  environment: Readonly<Record<string, string>> = {},
): Promise<Running> {
  const paths = await tools(['containerd', 'containerd-shim-runc-v2', 'ctr']);
  const directory = path.join(place.slot.directory, 'containerd');
  const network = path.join(place.slot.directory, 'cni');
  for (const folder of [directory, network, verifierDirectory(place)]) mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(network, '10-bridge.conflist'), JSON.stringify(bridgeNetwork(network, podRange(place.slot))));
  const file = path.join(directory, 'config.toml');
  writeFileSync(file, configuration(network, verifierDirectory(place), sandboxImage));
  const running = place.start({
    name: 'containerd',
    command: [paths.containerd, '--config', file],
    environment: {
      PATH: `${path.dirname(paths['containerd-shim-runc-v2'])}:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin`,
      // Traces and proxies of this machine are not the node's.
      HTTP_PROXY: '',
      HTTPS_PROXY: '',
      http_proxy: '',
      https_proxy: '',
      ...environment,
    },
  });
  await waitFor(
    'containerd answers',
    async () => (await place.run([paths.ctr, '--address', containerdSocket, 'version'])).includes('Server'),
    { programs: [running] },
  );
  return running;
}

function configuration(network: string, verifiers: string, sandboxImage: string): string {
  return `version = 3
root = '/var/lib/containerd'
state = '/run/containerd'
disabled_plugins = ['io.containerd.nri.v1.nri']

[grpc]
address = '${containerdSocket}'

[plugins.'io.containerd.cri.v1.images']
snapshotter = 'overlayfs'
image_pull_progress_timeout = '10s'

[plugins.'io.containerd.cri.v1.images'.pinned_images]
sandbox = '${sandboxImage}'

[plugins.'io.containerd.cri.v1.images'.registry]
config_path = '/etc/containerd/certs.d'

[plugins.'io.containerd.transfer.v1.local']
config_path = '/etc/containerd/certs.d'

[plugins.'io.containerd.image-verifier.v1.bindir']
bin_dir = '${verifiers}'

[plugins.'io.containerd.cri.v1.runtime']
# Without CAP_SYS_RESOURCE runc may not lower a score, and then no container starts.
restrict_oom_score_adj = true

[plugins.'io.containerd.cri.v1.runtime'.cni]
bin_dirs = ['/usr/lib/cni']
conf_dir = '${network}'

[plugins.'io.containerd.cri.v1.runtime'.containerd.runtimes.runc]
runtime_type = 'io.containerd.runc.v2'

[plugins.'io.containerd.cri.v1.runtime'.containerd.runtimes.runc.options]
BinaryName = '${debianFile('runc')}'
SystemdCgroup = false
`;
}

function bridgeNetwork(directory: string, subnet: string): unknown {
  return {
    cniVersion: '1.0.0',
    name: 'pods',
    plugins: [
      {
        type: 'bridge',
        bridge: 'cni0',
        isGateway: true,
        hairpinMode: true,
        ipam: {
          type: 'host-local',
          dataDir: `${directory}/addresses`,
          ranges: [[{ subnet }]],
          routes: [{ dst: '0.0.0.0/0' }],
        },
      },
    ],
  };
}
