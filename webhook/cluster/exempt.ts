import { array, record, text } from '../../shared/kube/json.ts';
import type { CompiledPolicy } from '../../shared/policy/compile.ts';
import { namespaceNamed, policyFor, type Namespace } from '../../shared/policy/namespace.ts';
import type { Api } from './api.ts';
import { patchConfigurations } from './configurations.ts';

/** The one match condition that is the webhook's own; a site may have others beside it. */
const condition = 'not-exempt.airgap.dev';

/** The namespaces that their policies leave alone, those that are not there yet too; sorted. */
export function exemptNamespaces(
  policies: readonly CompiledPolicy[],
  namespaces: ReadonlyMap<string, Namespace>,
): string[] {
  const named = new Set(policies.flatMap(({ exemptions }) => [...exemptions.keys()]));
  return [...named]
    .filter((name) => policyFor(policies, namespaces.get(name) ?? namespaceNamed(name))?.exemptions.has(name) === true)
    .sort();
}

/**
 * Keeps the API server from asking about exempt namespaces where no answer would mean a refusal: so they work while no
 * replica does. What fails open is still asked, for it warns their users.
 */
export async function leaveOut(api: Api, configuration: string, exempt: readonly string[]): Promise<boolean> {
  const expression = `!(request.namespace in ${JSON.stringify(exempt)})`;
  return patchConfigurations(api, configuration, (webhook, at) => {
    const conditions = array(webhook['matchConditions']);
    const index = conditions.findIndex((entry) => record(entry)['name'] === condition);
    const path = `${at}/matchConditions/${index}`;
    if (webhook['failurePolicy'] === 'Ignore' || exempt.length === 0) return index < 0 ? [] : [{ op: 'remove', path }];
    const value = { name: condition, expression };
    if (index >= 0)
      return text(record(conditions[index])['expression']) === expression ? [] : [{ op: 'replace', path, value }];
    return conditions.length === 0
      ? [{ op: 'add', path: `${at}/matchConditions`, value: [value] }]
      : [{ op: 'add', path: `${at}/matchConditions/-`, value }];
  });
}
