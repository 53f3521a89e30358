import { setTimeout as wait } from 'node:timers/promises';
import type { NodeCluster } from '../cluster-with-node.ts';
import { mirror, podsOf } from './webhook-pods.ts';

/** Why a pod that a rule covers was not created. */
export type Refusal = 'no answer' | 'its certificate' | 'not rewritten' | 'API server away' | 'other';

/** What became of the pods that were asked for during one fault. */
export interface Tally {
  readonly title: string;
  seconds: number;
  /** Pods with an image that a rule covers: created, and with the name of the mirror. */
  admitted: number;
  /** The same pods, refused. */
  readonly refused: Partial<Record<Refusal, number>>;
  /** Milliseconds in which no such pod could be created. */
  longestGap: number;
  /** Pods with an image that no rule covers: refused, whatever the reason. */
  turnedAway: number;
  /** Pods that got in with an image that is not the mirror's; there must be none. */
  readonly external: string[];
  /** Pods of a Deployment that really ran on the node; they are deleted and replaced all the time. */
  readonly ran: Set<string>;
  /** One of the messages that were unexpected, to be read when the test fails. */
  readonly examples: Set<string>;
}

/** Pods that are created all the time, until it is disposed. */
export interface Load extends AsyncDisposable {
  /** Counts anew while `work` runs; `calm` milliseconds more, so that what it left behind is counted as well. */
  during(title: string, work: () => Promise<void>, calm?: number): Promise<Tally>;
}

const tallyOf = (title: string): Tally => ({
  title,
  seconds: 0,
  admitted: 0,
  refused: {},
  longestGap: 0,
  turnedAway: 0,
  external: [],
  ran: new Set(),
  examples: new Set(),
});

/**
 * Starts creating pods in the namespace `default`: two at a time that a rule covers, one that none does; and deletes one
 * pod of the Deployment `web` a second, so that its controller has to create another.
 */
export function startLoad(cluster: NodeCluster): Load {
  const done = new AbortController();
  let tally = tallyOf('before the first fault');
  let lastAdmitted = performance.now();
  let number = 0;
  const create = async (image: string): Promise<{ status: number; text: string } | null> => {
    number += 1;
    const name = `load-${number}`;
    const url = '/api/v1/namespaces/default/pods';
    const answer = await cluster.api.raw('POST', url, gated(name, image)).catch(() => null);
    if (answer?.status === 201) void cluster.api.raw('DELETE', `${url}/${name}?gracePeriodSeconds=0`).catch(() => null);
    return answer;
  };
  const covered = async (): Promise<void> => {
    const answer = await create('nginx');
    const now = performance.now();
    tally.longestGap = Math.max(tally.longestGap, now - lastAdmitted);
    const image = imageIn(answer);
    if (image === `${mirror}/library/nginx` || image === `${mirror}/second/nginx`) {
      tally.admitted += 1;
      lastAdmitted = now;
    } else if (image === null) {
      const why = causeOf(answer);
      tally.refused[why] = (tally.refused[why] ?? 0) + 1;
      tally.examples.add(answer === null ? why : `${answer.status} ${answer.text.slice(0, 600)}`);
    } else tally.external.push(image);
  };
  const external = async (): Promise<void> => {
    const image = imageIn(await create('quay.io/acme/tool:3'));
    if (image === null) tally.turnedAway += 1;
    else tally.external.push(image);
  };
  const churn = async (): Promise<void> => {
    const pods = await podsOf(cluster, 'default', 'app=web').catch(() => []);
    for (const pod of pods) {
      const { containerStatuses = [] } = pod.status;
      if (!containerStatuses.some(({ ready }) => ready)) continue;
      tally.ran.add(pod.metadata.name);
      for (const { imageID } of containerStatuses) if (!imageID.startsWith(mirror)) tally.external.push(imageID);
    }
    const url = `/api/v1/namespaces/default/pods/${pods[0]?.metadata.name ?? ''}?gracePeriodSeconds=0`;
    if (pods.length > 1) await cluster.api.raw('DELETE', url).catch(() => null);
  };
  const repeat = async (work: () => Promise<void>, pause: number): Promise<void> => {
    while (!done.signal.aborted) {
      await work();
      await wait(pause);
    }
  };
  const workers = [repeat(covered, 20), repeat(covered, 20), repeat(external, 100), repeat(churn, 1000)];
  return {
    during: async (title, work, calm = 2000) => {
      const counted = tallyOf(title);
      tally = counted;
      lastAdmitted = performance.now();
      const started = lastAdmitted;
      await work();
      await wait(calm);
      counted.seconds = (performance.now() - started) / 1000;
      return counted;
    },
    [Symbol.asyncDispose]: async () => {
      done.abort();
      await Promise.all(workers);
    },
  };
}

/** Admitted and stored as any other, but never scheduled: hundreds a second would be too many for the node. */
function gated(name: string, image: string): object {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name },
    spec: { schedulingGates: [{ name: 'airgap.dev/load' }], containers: [{ name: 'main', image }] },
  };
}

function imageIn(answer: { status: number; text: string } | null): string | null {
  if (answer?.status !== 201) return null;
  const { spec } = JSON.parse(answer.text) as { spec: { containers: { image: string }[] } };
  return spec.containers[0]?.image ?? '';
}

function causeOf(answer: { status: number; text: string } | null): Refusal {
  if (answer === null) return 'API server away';
  if (/x509|tls:/.test(answer.text)) return 'its certificate';
  if (answer.text.includes('failed calling webhook')) return 'no answer';
  if (answer.text.includes('it arrived unrewritten')) return 'not rewritten';
  // While it starts it answers, and knows neither its roles nor its clients yet.
  const starting = !answer.text.includes('airgap') && [401, 403, 429, 500, 503, 504].includes(answer.status);
  return starting ? 'API server away' : 'other';
}
