import { setTimeout as sleep } from 'node:timers/promises';
import { pod } from '../pod.ts';
import type { Diagnosis } from './diagnose.ts';
import { pasteRemedy } from './paste.ts';
import type { Fault, PodParts, Stage } from './fault.ts';
import { isSettled, observe, type Observation } from './observe.ts';

/** Creates a pod for each fault, all at once, and waits until the kubelet has said of each why it waits. */
export async function commit(stage: Stage, faults: readonly Fault[]): Promise<Map<string, Observation>> {
  for (const fault of faults) await fault.arrange?.(stage);
  for (const { id, image, spec, container } of faults) await stage.cluster.api.apply(pod(id, image, spec, container));
  const seen = new Map<string, Observation>();
  await until(150, async () => {
    for (const [id, observation] of await observe(stage)) if (isSettled(observation)) seen.set(id, observation);
    return faults.every(({ id }) => seen.has(id));
  });
  const silent = faults.filter(({ id }) => !seen.has(id));
  if (silent.length === 0) return seen;
  const now = await observe(stage);
  throw new Error(silent.map(({ id }) => `${id} says nothing: ${JSON.stringify(now.get(id))}`).join('\n'));
}

/** Cures the faults that can be, makes their pods anew as a Deployment would, and waits until all of them run. */
export async function cure(
  stage: Stage,
  faults: readonly Fault[],
  found: ReadonlyMap<string, readonly Diagnosis[]> = new Map(),
): Promise<void> {
  const pods = '/api/v1/namespaces/default/pods';
  for (const fault of faults) await pasteRemedy(stage, fault, found.get(fault.id) ?? []);
  for (const fault of faults) await fault.cure?.(stage);
  for (const { id } of faults) await stage.cluster.api.delete(`${pods}/${id}?gracePeriodSeconds=0`);
  await until(30, async () => {
    const left = await observe(stage);
    return faults.every(({ id }) => !left.has(id));
  });
  for (const fault of faults) {
    const { image, spec, container }: PodParts = { ...fault, ...fault.cured };
    await stage.cluster.api.apply(pod(fault.id, image, spec, container));
  }
  let waiting: string[] = [];
  const done = await until(120, async () => {
    const now = await observe(stage);
    waiting = faults
      .filter(({ id }) => now.get(id)?.phase !== 'Running')
      .map(({ id }) => `${id}: ${JSON.stringify(now.get(id))}`);
    return waiting.length === 0;
  });
  if (!done) throw new Error(`not cured:\n${waiting.join('\n')}`);
}

export function isCurable({ cure, cured, paste }: Fault): boolean {
  return cure !== undefined || cured !== undefined || paste !== undefined;
}

async function until(seconds: number, done: () => Promise<boolean>): Promise<boolean> {
  const end = Date.now() + seconds * 1000;
  while (Date.now() < end) {
    if (await done()) return true;
    await sleep(500);
  }
  return false;
}
