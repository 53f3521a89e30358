import { selects } from '../../../shared/kube/selector.ts';
import type { CompiledPolicy } from '../../../shared/policy/compile.ts';
import type { Namespace } from '../../../shared/policy/namespace.ts';
import { actingFor, selectsNamespace, type Enforcer } from './enforcers.ts';

/** What rewrites or rejects a pod that is created now, or why nothing does. */
export type Asked =
  | { readonly why: 'asked'; readonly enforcer: Enforcer }
  | { readonly why: 'not-installed'; readonly does: Enforcer['does'] }
  | {
      readonly why: 'left-out';
      readonly by: 'rules' | 'namespaceSelector' | 'objectSelector';
      readonly enforcer: Enforcer;
    }
  | { readonly why: 'left-out-by-condition'; readonly conditions: readonly string[]; readonly enforcer: Enforcer };

/** In the order in which the API server decides it. */
export function askedAbout(
  podLabels: Readonly<Record<string, string>>,
  namespace: Namespace,
  policy: CompiledPolicy,
  does: Enforcer['does'],
  enforcers: readonly Enforcer[],
): Asked {
  const able = actingFor(policy, enforcers).filter((one) => one.does === does);
  const [first] = able;
  if (first === undefined) return { why: 'not-installed', does };
  const covering = able.filter(({ coversPods }) => coversPods);
  const inNamespace = covering.filter((one) => selectsNamespace(one, namespace));
  const selecting = inNamespace.filter(({ objectSelector }) => selects(objectSelector, podLabels));
  const [enforcer] = selecting;
  if (enforcer === undefined) {
    const by = covering.length === 0 ? 'rules' : inNamespace.length === 0 ? 'namespaceSelector' : 'objectSelector';
    return { why: 'left-out', by, enforcer: inNamespace[0] ?? covering[0] ?? first };
  }
  const unconditional = selecting.find(({ conditions }) => conditions.length === 0);
  if (unconditional !== undefined) return { why: 'asked', enforcer: unconditional };
  const conditions = enforcer.conditions.map(({ name, expression }) => `${name}: ${expression}`);
  return { why: 'left-out-by-condition', conditions, enforcer };
}

/** One clause about a pod: "it …", without its name, so that it is the same for many pods. */
export function askedText(asked: Asked): string {
  switch (asked.why) {
    case 'asked':
      return `${asked.enforcer.title} covers it`;
    case 'not-installed':
      return `nothing of kubectl airgap that could ${asked.does} it is installed`;
    case 'left-out': {
      const { title, object } = asked.enforcer;
      const what = asked.by === 'rules' ? 'rules do not cover pods' : `${asked.by} leaves it out`;
      return `${title} is not asked: its ${what} (${object.kind} ${object.name})`;
    }
    case 'left-out-by-condition':
      return `${asked.enforcer.title} may not be asked: its matchConditions are not evaluated here (${asked.conditions.join('; ')})`;
  }
}
