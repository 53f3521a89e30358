import { TLSSocket, connect } from 'node:tls';
import { setTimeout as wait } from 'node:timers/promises';
import type { NodeCluster } from '../cluster-with-node.ts';
import { waitFor } from '../processes.ts';
import type { Load, Tally } from './load.ts';
import { fillRegistry, install, mirror, namespace, podsOf, policy, type Pod } from './webhook-pods.ts';

/** A fault, and whether a single admission may fail because of it. */
export interface Fault {
  readonly title: string;
  readonly loses: 'nothing' | 'some';
  readonly happen: (cluster: NodeCluster) => Promise<void>;
}

const secret = `/api/v1/namespaces/${namespace}/secrets/airgap-webhook-tls`;
/** Two policies that move everything to another mirror; as one should, each still allows what the other makes. */
export const variants = ['library', 'second'].map((path) =>
  policy({
    mirrors: [{ sourcePrefix: 'docker.io/library', targetPrefix: `${mirror}/${path}` }],
    allowedPrefixes: [mirror],
  }),
);

export const faults = {
  quiet: { title: 'nothing', loses: 'nothing', happen: () => wait(3000) },
  rollout: {
    title: 'rolling restart of the webhook',
    loses: 'nothing',
    happen: async (cluster) => {
      await cluster.kubectl(['rollout', 'restart', 'deployment/airgap-webhook', '-n', namespace]);
      await cluster.kubectl(['rollout', 'status', 'deployment/airgap-webhook', '-n', namespace, '--timeout=120s']);
    },
  },
  killOne: {
    title: 'one of two replicas killed (SIGKILL)',
    loses: 'some',
    happen: async (cluster) => {
      await twoReady(cluster, await kill(cluster, (await podsOf(cluster, namespace)).slice(0, 1)));
    },
  },
  killBoth: {
    title: 'both replicas killed at once',
    loses: 'some',
    happen: async (cluster) => {
      await twoReady(cluster, await kill(cluster, await podsOf(cluster, namespace)));
    },
  },
  deleteBoth: {
    title: 'both pods deleted by force',
    loses: 'some',
    happen: async (cluster) => {
      await cluster.kubectl(['delete', 'pods', '-n', namespace, '--all', '--force', '--grace-period=0']);
      await twoReady(cluster);
    },
  },
  rotate: {
    title: 'Secret deleted three times: a new authority and a new certificate each time',
    loses: 'nothing',
    happen: rotateThreeTimes,
  },
  policies: { title: 'policy replaced 100 times', loses: 'nothing', happen: (cluster) => replacePolicy(cluster, 100) },
  rotateAndReplace: {
    title: 'Secret deleted three times, and the policy replaced 100 times meanwhile',
    loses: 'nothing',
    happen: async (cluster) => {
      await Promise.all([rotateThreeTimes(cluster), replacePolicy(cluster, 100)]);
    },
  },
  apiServer: {
    title: 'API server restarted',
    loses: 'some',
    happen: (cluster) => cluster.restartApiServer(),
  },
  everything: {
    title: 'power cut: everything restarted at once, and every pod deleted',
    loses: 'some',
    happen: async (cluster) => {
      await cluster.powerCut();
      await cluster.kubectl([
        'delete',
        'pods',
        '--all',
        '--all-namespaces',
        '--force',
        '--grace-period=0',
        '--wait=false',
      ]);
      await twoReady(cluster);
    },
  },
} as const satisfies Record<string, Fault>;

/** Lets faults happen one after another under load. */
export async function suffer(
  cluster: NodeCluster,
  load: Load,
  chosen: readonly Fault[],
  told: (tally: Tally) => void = () => undefined,
): Promise<Tally[]> {
  const tallies: Tally[] = [];
  for (const { title, happen } of chosen) {
    const tally = await load.during(title, () => happen(cluster));
    told(tally);
    tallies.push(tally);
  }
  return tallies;
}

async function rotateThreeTimes(cluster: NodeCluster): Promise<void> {
  for (let round = 0; round < 3; round += 1) {
    const before = await served(cluster);
    await cluster.api.delete(secret);
    await waitFor('both serve another certificate', async () => {
      const now = await served(cluster);
      return now.length === 2 && now.every((fingerprint) => !before.includes(fingerprint));
    });
  }
}

async function replacePolicy(cluster: NodeCluster, times: number): Promise<void> {
  for (let time = 1; time <= times; time += 1) {
    const variant = variants[time % 2];
    if (variant !== undefined) await cluster.api.apply(variant);
    await wait(30);
  }
}

/** Sends SIGKILL to the first process of each pod's container, which no shutdown can soften. Returns the containers. */
async function kill(cluster: NodeCluster, pods: readonly Pod[]): Promise<string[]> {
  const ids = pods.flatMap(containersOf);
  for (const id of ids)
    await cluster.containers(['tasks', 'kill', '--signal', 'SIGKILL', id.replace('containerd://', '')]);
  return ids;
}

const containersOf = ({ status }: Pod): string[] =>
  (status.containerStatuses ?? []).map(({ containerID }) => containerID ?? '');

/** Waits until both replicas are ready, in other containers than those that ended. */
export async function twoReady(cluster: NodeCluster, ended: readonly string[] = []): Promise<void> {
  const ready = async (): Promise<boolean> => {
    const pods = await podsOf(cluster, namespace);
    return (
      pods.length === 2 &&
      pods.every(({ status }) => status.containerStatuses?.every(({ ready }) => ready) === true) &&
      !pods.flatMap(containersOf).some((id) => ended.includes(id))
    );
  };
  await waitFor('both replicas are ready', ready, { seconds: 120 });
}

/** The fingerprints of what the replicas serve right now. */
export async function served(cluster: NodeCluster): Promise<string[]> {
  const pods = await podsOf(cluster, namespace);
  return Promise.all(pods.map(({ status }) => fingerprint(status.podIP ?? '')));
}

function fingerprint(host: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket: TLSSocket = connect({ host, port: 8443, rejectUnauthorized: false }, () => {
      resolve(socket.getPeerCertificate().fingerprint256);
      socket.destroy();
    });
    socket.on('error', reject);
  });
}

/** Readies a cluster for the faults: both replicas, a policy, and a Deployment of two pods. */
export async function prepare(cluster: NodeCluster): Promise<void> {
  await fillRegistry(cluster, 'library/nginx:latest', 'second/nginx:latest');
  await install(cluster);
  await cluster.api.apply(...variants.slice(0, 1));
  const condition = 'jsonpath={.status.conditions[0].reason}';
  await waitFor('the policy is in force', async () =>
    (await cluster.kubectl(['get', 'airgappolicy', 'default', '-o', condition])).includes('InForce'),
  );
  await cluster.kubectl(['create', 'deployment', 'web', '--image=nginx', '--replicas=2']);
  await cluster.kubectl(['rollout', 'status', 'deployment/web', '--timeout=60s']);
}

/** What must never be, whatever happened; each is one line. */
export async function broken(
  cluster: NodeCluster,
  chosen: readonly Fault[],
  tallies: readonly Tally[],
): Promise<string[]> {
  const problems = tallies.flatMap(({ title, external, admitted, refused, examples }, index) => [
    ...external.map((image) => `${title}: ${image} got in`),
    ...(admitted > 0 ? [] : [`${title}: nothing was created`]),
    ...(refused.other === undefined ? [] : [`${title}: refused for no known cause`]),
    ...(refused['its certificate'] === undefined ? [] : [`${title}: refused for the certificate`]),
    ...(chosen[index]?.loses === 'nothing' ? [...examples].map((example) => `${title}: ${example}`) : []),
  ]);
  const asked = [...cluster.names.asked].filter((name) => /docker\.io|quay\.io/.test(name));
  const pulled = (await cluster.containers(['images', 'list', '-q'])).split('\n');
  const foreign = pulled.filter((image) => !/^(?:$|sha256:|registry\.example\.com\/)/.test(image));
  return [
    ...problems,
    ...asked.map((name) => `the node looked for ${name}`),
    ...foreign.map((image) => `${image} was pulled`),
  ];
}
