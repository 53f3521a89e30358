import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { faults } from './index.ts';
import type { Observation } from './observe.ts';
import { commit, cure, isCurable } from './play.ts';
import { setStage } from './stage.ts';

/**
 * Writes what kubelet and containerd really say of each fault, for the tests of the classifier:
 * `node test/cluster/faults/record.ts`, as root, three minutes.
 */
const file = path.resolve(import.meta.dirname, '../../fixtures/pulls/containerd-2.4-kubelet-1.37.json');

await using stage = await setStage();
const seen = new Map<string, Observation>();
for (const group of [
  faults.filter(({ alone }) => alone !== true),
  ...faults.filter(({ alone }) => alone).map((it) => [it]),
]) {
  for (const [id, observation] of await commit(stage, group)) seen.set(id, observation);
  if (group.length === 1) await cure(stage, group.filter(isCurable));
}
interface Node {
  readonly status: { readonly nodeInfo: { readonly containerRuntimeVersion: string; readonly kubeletVersion: string } };
}
const { nodeInfo } = (await stage.cluster.api.get<Node>('/api/v1/nodes/node-1')).status;
const records = faults.map(({ id, causes, image }) => {
  const { reason = '', message = '', events = [] } = seen.get(id) ?? {};
  const versions = { runtimeVersion: nodeInfo.containerRuntimeVersion, kubeletVersion: nodeInfo.kubeletVersion };
  return { id, cause: causes[0], causes, image, reason, message, events, ...versions };
});
writeFileSync(file, `${JSON.stringify(records, null, 2)}\n`);
console.log(`${records.length} faults written to ${path.relative(process.cwd(), file)}`);
