import { array, record, type Json } from '../../shared/kube/json.ts';
import { complaintOf, type Api } from './api.ts';

export interface Change {
  readonly op: 'add' | 'replace' | 'remove';
  readonly path: string;
  readonly value?: unknown;
}

export type Does = 'mutates' | 'validates';

const kinds: readonly (readonly [kind: string, does: Does])[] = [
  ['mutatingwebhookconfigurations', 'mutates'],
  ['validatingwebhookconfigurations', 'validates'],
];

/**
 * Patches what `changes` says of the webhooks in the mutating and in the validating configuration of a name; one that is
 * not there is passed over. Only the fields named are touched, so that whoever applies the rest from files sees no
 * difference. Returns whether anything had to be changed.
 */
export async function patchConfigurations(
  api: Api,
  name: string,
  changes: (webhooks: readonly Json[], does: Does) => readonly Change[],
): Promise<boolean> {
  let changed = false;
  for (const [kind, does] of kinds) {
    const url = `/apis/admissionregistration.k8s.io/v1/${kind}/${name}`;
    const answer = await api.send('GET', url);
    if (answer.status === 404) continue;
    if (answer.status !== 200) throw new Error(`${kind} cannot be read: ${complaintOf(answer)}`);
    const patch = changes(array(answer.body['webhooks']).map(record), does);
    if (patch.length === 0) continue;
    // Another writer may have put the webhooks into another order meanwhile.
    const { resourceVersion } = record(answer.body['metadata']);
    const unchanged = { op: 'test', path: '/metadata/resourceVersion', value: resourceVersion };
    const manager = '?fieldManager=airgap-webhook';
    const patched = await api.send('PATCH', url + manager, [unchanged, ...patch], 'application/json-patch+json');
    if (patched.status >= 300) throw new Error(`${kind} cannot be patched: ${complaintOf(patched)}`);
    changed = true;
  }
  return changed;
}
