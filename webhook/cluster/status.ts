import { array, record, type Json } from '../../shared/kube/json.ts';
import { release } from '../../shared/release.ts';
import { complaintOf, type Api } from './api.ts';
import type { Verdict } from './policy-store.ts';

/** Writes what `.status` lacks; an unchanged status is not written. Returns problems, for the log. */
export async function writeStatus(
  api: Api,
  verdicts: readonly Verdict[],
  objects: ReadonlyMap<string, Json>,
  now: Date,
): Promise<string[]> {
  const problems: string[] = [];
  for (const { name, generation, ready, reason, message } of verdicts) {
    const before = record(
      array(record(objects.get(name)?.['status'])['conditions']).find((entry) => record(entry)['type'] === 'Ready'),
    );
    const condition = {
      type: 'Ready',
      status: ready ? 'True' : 'False',
      reason,
      message,
      observedGeneration: generation,
    };
    const told = record(objects.get(name)?.['status'])['observedBy'];
    if (told === release && Object.entries(condition).every(([key, value]) => before[key] === value)) continue;
    const same = before['status'] === condition.status;
    const lastTransitionTime = same ? before['lastTransitionTime'] : now.toISOString().replace(/\.\d+Z$/, 'Z');
    const status = {
      observedGeneration: generation,
      observedBy: release,
      conditions: [{ ...condition, lastTransitionTime }],
    };
    const url = `/apis/airgap.dev/v1alpha1/airgappolicies/${name}/status`;
    const answer = await api.send('PATCH', url, { status }, 'application/merge-patch+json');
    if (answer.status >= 300 && answer.status !== 404) problems.push(`${name}: ${complaintOf(answer)}`);
  }
  return problems;
}
