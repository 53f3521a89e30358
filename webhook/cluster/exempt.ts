import type { CompiledPolicy } from '../../shared/policy/compile.ts';
import { namespaceNamed, policyFor, type Namespace } from '../../shared/policy/namespace.ts';

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
