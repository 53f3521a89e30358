import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { runCommand } from '../command.ts';
import type { Place } from '../place.ts';
import { startProgram, waitFor, type Running } from '../processes.ts';
import { debianFile } from '../tools/debian.ts';
import { recordControlGroup, recordProcess, type Slot } from '../state.ts';

/** A machine within this machine: its own network, mounts and processes, joined to this one by a virtual cable. */
export interface Namespaces extends Place {
  /** Name of the control group that the node's pods live under. */
  readonly controlGroup: string;
  /** `last` of 198.51.100.x in this cluster's block of sixteen, as an address of this process's side. */
  address28(last: number): string;
  /** Runs a command inside and returns its standard output; throws when it fails. */
  run(command: readonly string[], input?: string): Promise<string>;
  stop(): Promise<void>;
}

/**
 * What the kubelet would write into the kernel's settings of the whole machine. It finds these values already there,
 * in files that only it sees, and so leaves the machine's own as they are.
 */
const kernelSettings: Readonly<Record<string, string>> = {
  'vm/overcommit_memory': '1',
  'vm/panic_on_oom': '0',
  'kernel/panic': '10',
  'kernel/panic_on_oops': '1',
  'kernel/keys/root_maxkeys': '1000000',
  'kernel/keys/root_maxbytes': '25000000',
};

/**
 * Makes the namespaces. There is no route to anywhere but this cluster's block of addresses, and the only name server
 * is `hostAddress`. All of it is gone, mounts and processes too, when its first process ends, which it does together
 * with this one.
 */
export async function createNamespaces(slot: Slot): Promise<Namespaces> {
  if (process.getuid?.() !== 0) throw new Error('a test cluster with a node needs root: run it with sudo');
  const address28 = (last: number): string => `198.51.100.${slot.number * 16 + last}`;
  const [hostAddress, address] = [address28(1), address28(2)];
  const controlGroup = `airgap-test-${slot.number}`;
  createControlGroups(controlGroup);
  recordControlGroup(slot, controlGroup);
  const holder = startProgram(slot, {
    name: 'namespaces',
    command: [
      'unshare',
      '--mount',
      '--net',
      '--pid',
      '--fork',
      '--kill-child',
      '--mount-proc',
      'bash',
      '-c',
      setUp(slot, hostAddress),
    ],
  });
  await waitFor('the namespaces are set up', () => existsSync(path.join(slot.directory, 'namespaces-ready')), {
    programs: [holder],
  });
  const [first = 0] = childrenOf(holder.pid);
  recordProcess(slot, 'first-process', first);
  await takeCableAway(slot);
  layCable(slot, first, hostAddress, address);
  const inside = [debianFile('util-linux'), '--target', `${first}`, '--mount', '--net', '--pid', '--wd=/', '--'];
  return {
    slot,
    address,
    hostAddress,
    address28,
    controlGroup,
    start: (program) => stoppable(startProgram(slot, { ...program, command: [...inside, ...program.command] })),
    run: (command, input) => runCommand([...inside, ...command], input),
    stop: () => stopHolder(holder),
  };
}

/** Runs as the first process inside, so it also reaps what the container shims leave to it. */
function setUp(slot: Slot, nameServer: string): string {
  const files = path.join(slot.directory, 'etc');
  for (const name of ['etc', 'certs.d', 'kubelet-root']) mkdirSync(path.join(slot.directory, name));
  writeFileSync(path.join(files, 'resolv.conf'), `nameserver ${nameServer}\noptions timeout:1 attempts:1\n`);
  const binds: [string, string][] = [];
  for (const [name, value] of Object.entries(kernelSettings)) {
    const file = path.join(files, name.replaceAll('/', '-'));
    writeFileSync(file, `${value}\n`);
    binds.push([file, `/proc/sys/${name}`]);
  }
  return [
    'set -e',
    // Volumes that the kubelet mounts must be seen by containers, but by nobody outside.
    'mount --make-rprivate / && mount --make-rshared /',
    'mount -t tmpfs tmpfs /run && mkdir /run/lock',
    'mount -t tmpfs tmpfs /var/log',
    // Settings of the node, which a test may change as an operator would.
    'mkdir /run/etc /run/etc-work',
    'mount -t overlay overlay -o lowerdir=/etc,upperdir=/run/etc,workdir=/run/etc-work /etc',
    `rm -f /etc/resolv.conf && cp ${files}/resolv.conf /etc/resolv.conf`,
    'mkdir -p /etc/containerd/certs.d',
    `mount --bind ${slot.directory}/certs.d /etc/containerd/certs.d`,
    // Paths in messages are those of any other node.
    'mount -t tmpfs tmpfs /var/lib && mkdir /var/lib/containerd /var/lib/kubelet',
    // A disk of its own, which a test may fill.
    'mount -t tmpfs -o size=1g tmpfs /var/lib/containerd',
    `mount --bind ${slot.directory}/kubelet-root /var/lib/kubelet`,
    ...binds.map(([from, to]) => `mount --bind ${from} ${to}`),
    'ip link set lo up',
    `echo yes > ${slot.directory}/namespaces-ready`,
    'set +e',
    'while true; do sleep 3600 & wait; done',
  ].join('\n');
}

/** The kernel ends a network namespace some time after its last process: the cable of the slot's last cluster may be left. */
async function takeCableAway(slot: Slot): Promise<void> {
  const cable = `airgap${slot.number}`;
  await waitFor(`${cable} of an earlier cluster is gone`, () => {
    if (!existsSync(`/sys/class/net/${cable}`)) return true;
    spawnSync(debianFile('iproute2'), ['link', 'delete', cable]);
    return false;
  });
}

function layCable(slot: Slot, first: number, hostAddress: string, address: string): void {
  const cable = `airgap${slot.number}`;
  const ip = (...args: string[]): unknown => execFileSync(debianFile('iproute2'), args, { stdio: 'pipe' });
  const inside = (...args: string[]): unknown =>
    execFileSync(debianFile('util-linux'), ['--target', `${first}`, '--net', '--', 'ip', ...args], { stdio: 'pipe' });
  ip('link', 'add', cable, 'type', 'veth', 'peer', 'name', 'uplink', 'netns', `${first}`);
  ip('address', 'add', `${hostAddress}/28`, 'dev', cable);
  ip('link', 'set', cable, 'up');
  inside('address', 'add', `${address}/28`, 'dev', 'uplink');
  inside('link', 'set', 'uplink', 'up');
  // Without any route the kernel refuses a Service's address before kube-proxy's rules see it.
  inside('route', 'add', '10.96.0.0/24', 'dev', 'uplink');
  ip('route', 'add', podRange(slot), 'via', address);
}

/** The addresses of this cluster's pods; tests and registries reach them, and they reach tests and registries. */
export function podRange(slot: Slot): string {
  return `10.244.${slot.number}.0/24`;
}

/** One more address of this process's side, for a registry that wants port 443 for itself. */
export function addHostAddress(slot: Slot, address: string): void {
  execFileSync(debianFile('iproute2'), ['address', 'add', `${address}/28`, 'dev', `airgap${slot.number}`], {
    stdio: 'pipe',
  });
}

function createControlGroups(name: string): void {
  const root = '/sys/fs/cgroup';
  const isUnified = existsSync(path.join(root, 'cgroup.controllers'));
  const controllers = [
    'cpu',
    'cpuacct',
    'cpuset',
    'memory',
    'devices',
    'freezer',
    'blkio',
    'pids',
    'systemd',
    'hugetlb',
    'perf_event',
  ];
  const parents = isUnified
    ? [root]
    : controllers.map((controller) => path.join(root, controller)).filter((it) => existsSync(it));
  for (const parent of parents) {
    const group = path.join(parent, name);
    mkdirSync(group, { recursive: true });
    // A cpuset takes no process before it says which CPUs and which memory it stands for.
    for (const file of ['cpuset.cpus', 'cpuset.mems']) {
      if (parent.endsWith('/cpuset')) writeFileSync(path.join(group, file), readFileSync(path.join(parent, file)));
    }
  }
}

/** nsenter waits outside for the program, which is its child, and does not pass signals on. */
function stoppable(outside: Running): Running {
  const signal = (name: 'SIGTERM' | 'SIGKILL'): void => {
    for (const pid of childrenOf(outside.pid)) process.kill(pid, name);
  };
  return {
    ...outside,
    stop: async (grace = 5000) => {
      signal('SIGTERM');
      // Its ports are free only when it has ended, not when nsenter has.
      for (const end = Date.now() + grace; childrenOf(outside.pid).length > 0 && Date.now() < end;) await wait(50);
      signal('SIGKILL');
      await outside.stop(grace);
    },
  };
}

function childrenOf(pid: number): number[] {
  const file = `/proc/${pid}/task/${pid}/children`;
  const children = existsSync(file) ? readFileSync(file, 'utf8').trim() : '';
  return children === '' ? [] : children.split(' ').map(Number);
}

async function stopHolder(holder: Running): Promise<void> {
  // Nothing in there needs a farewell: SIGKILL to the holder ends all of it at once.
  process.kill(holder.pid, 'SIGKILL');
  await holder.stop(0);
}
