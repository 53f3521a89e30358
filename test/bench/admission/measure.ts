import { readFileSync } from 'node:fs';
import { Agent, request } from 'node:https';
import type { ControlPlaneCluster } from '../../cluster/cluster.ts';
import { mirrored, podOf, written } from './pod.ts';
import type { Engine } from './stage.ts';

/** What is created where, and what has to come of it. */
export interface Variant {
  readonly name: string;
  readonly engine: Engine;
  readonly pod: string;
  readonly images: readonly string[];
}

const rewriting = (name: string, engine: Engine): Variant => ({ name, engine, pod: podOf(written), images: mirrored });
const right = podOf(mirrored, [{ name: 'internal-registry' }]);
const leaving = (name: string, engine: Engine): Variant => ({ name, engine, pod: right, images: mirrored });

/** The first is what the others are held against. */
export const variants: readonly Variant[] = [
  { name: 'no policy', engine: 'bare', pod: podOf(written), images: written },
  rewriting('the CEL form, rewriting five images', 'cel'),
  rewriting('the webhook, rewriting five images', 'webhook'),
  rewriting('both, rewriting five images', 'both'),
  leaving('the CEL form, a pod that is right already', 'cel'),
  leaving('the webhook, a pod that is right already', 'webhook'),
  rewriting('the CEL form with an apply configuration, without pull secrets', 'apply'),
];

/** Milliseconds of each dry-run creation, by variant. */
export type Times = ReadonlyMap<Variant, readonly number[]>;

interface Answer {
  readonly status: number;
  readonly text: string;
  readonly milliseconds: number;
}

/** Creates pods as dry runs on one connection; in each round every variant has its turn of requests. */
export async function measure(cluster: ControlPlaneCluster, rounds: number, turn: number): Promise<Times> {
  const file = (name: string): string => readFileSync(`${cluster.pkiDirectory}/${name}`, 'utf8');
  const agent = new Agent({
    keepAlive: true,
    maxSockets: 1,
    ca: cluster.ca,
    cert: file('admin.crt'),
    key: file('admin.key'),
  });
  const create = ({ engine, pod }: Variant): Promise<Answer> =>
    new Promise((resolve, reject) => {
      const started = performance.now();
      const url = new URL(`/api/v1/namespaces/${engine}/pods?dryRun=All`, cluster.server);
      const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(pod) };
      const outgoing = request(url, { method: 'POST', agent, headers }, (incoming) => {
        const chunks: Buffer[] = [];
        incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
        incoming.on('error', reject);
        incoming.on('end', () => {
          const milliseconds = performance.now() - started;
          resolve({ status: incoming.statusCode ?? 0, text: Buffer.concat(chunks).toString(), milliseconds });
        });
      });
      outgoing.on('error', reject);
      outgoing.end(pod);
    });
  try {
    for (const variant of variants) await inForce(variant, create);
    const times = new Map<Variant, number[]>(variants.map((variant) => [variant, []]));
    // The first rounds warm up and are not counted.
    for (let round = -3; round < rounds; round += 1)
      for (const variant of variants)
        for (let count = 0; count < turn; count += 1) {
          const { milliseconds } = await create(variant);
          if (round >= 0) times.get(variant)?.push(milliseconds);
        }
    return times;
  } finally {
    agent.destroy();
  }
}

/** Waits until a variant comes to what it should; a policy is in force a moment after it is there. */
async function inForce(variant: Variant, create: (variant: Variant) => Promise<Answer>): Promise<void> {
  for (let left = 100; ; left -= 1) {
    const { status, text } = await create(variant);
    if (status === 201) {
      const { spec } = JSON.parse(text) as { spec: { containers: { image: string }[] } };
      if (spec.containers.every(({ image }, index) => image === variant.images[index])) return;
    }
    if (left === 0) throw new Error(`${variant.name}: ${status} ${text.slice(-1000)}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
