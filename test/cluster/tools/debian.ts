import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

/** What the node and the registries need from the system: a file that proves it is there, and Debian's package of it. */
const debianPackages = {
  runc: '/usr/sbin/runc',
  'docker-registry': '/usr/bin/docker-registry',
  skopeo: '/usr/bin/skopeo',
  buildah: '/usr/bin/buildah',
  'containernetworking-plugins': '/usr/lib/cni/bridge',
  'busybox-static': '/bin/busybox',
  jq: '/usr/bin/jq',
  iproute2: '/sbin/ip',
  iptables: '/usr/sbin/iptables',
  nftables: '/usr/sbin/nft',
  conntrack: '/usr/sbin/conntrack',
  'util-linux': '/usr/bin/nsenter',
} as const;

export type DebianPackage = keyof typeof debianPackages;

/** The file that stands for a package, for callers that start or read it; installs it where it is missing. */
export function debianFile(name: DebianPackage): string {
  ensureDebian([name]);
  return debianPackages[name];
}

/** Installs what is missing through apt-get, as root; otherwise says what to install. */
export function ensureDebian(names: readonly DebianPackage[]): void {
  const missing = names.filter((name) => !existsSync(debianPackages[name]));
  if (missing.length === 0) return;
  const install = `apt-get install -y --no-install-recommends ${missing.join(' ')}`;
  const isRoot = process.getuid?.() === 0;
  if (!isRoot || !existsSync('/usr/bin/apt-get')) {
    throw new Error(`the test cluster needs ${missing.join(', ')} on this machine: sudo ${install}`);
  }
  process.stderr.write(`test cluster: installing ${missing.join(', ')} with apt-get\n`);
  const run = (command: string): number | null =>
    spawnSync('sh', ['-c', command], {
      stdio: ['ignore', 2, 2],
      // RUNLEVEL keeps a package from starting its own service, which would take the ports of ours.
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' },
    }).status;
  if (run(install) !== 0 && run(`apt-get update && ${install}`) !== 0) {
    throw new Error(`apt-get could not install ${missing.join(', ')}: see its messages above`);
  }
}
