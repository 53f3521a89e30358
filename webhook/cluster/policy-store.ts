import type { Json } from '../../shared/kube/json.ts';
import type { CompiledPolicy } from '../../shared/policy/compile.ts';
import { readPolicy } from '../../shared/policy/load.ts';
import { conflicts, type Namespace } from '../../shared/policy/namespace.ts';
import { printProblem } from '../../shared/policy/problem.ts';

/** What `.status` should say of one policy. */
export interface Verdict {
  readonly name: string;
  readonly generation: number;
  readonly ready: boolean;
  readonly reason: 'InForce' | 'Invalid' | 'Conflict';
  readonly message: string;
}

export interface Store {
  /** Takes the objects as they are now. An invalid one keeps the last good form of the same name in force. */
  readonly take: (objects: ReadonlyMap<string, Json>) => readonly CompiledPolicy[];
  /** What is to be said of each policy; conflicts depend on the namespaces that there are. */
  readonly verdicts: (namespaces: readonly Namespace[]) => readonly Verdict[];
}

export function createStore(): Store {
  const good = new Map<string, CompiledPolicy>();
  let invalid: Verdict[] = [];
  return {
    take: (objects) => {
      for (const name of good.keys()) if (!objects.has(name)) good.delete(name);
      invalid = [];
      for (const [name, object] of objects) {
        const loaded = readPolicy(object);
        if (loaded.ok) good.set(name, loaded.value);
        else
          invalid.push(
            refusal(
              name,
              object,
              loaded.problems.map((problem) => printProblem('', problem)),
              good.get(name),
            ),
          );
      }
      return [...good.values()];
    },
    verdicts: (namespaces) => {
      const lost = Map.groupBy(conflicts([...good.values()], namespaces), ({ policy }) => policy.name);
      const refused = new Set(invalid.map(({ name }) => name));
      const sound = [...good.values()].filter(({ name }) => !refused.has(name));
      return [...invalid, ...sound.map((policy) => verdictOf(policy, lost.get(policy.name) ?? []))];
    },
  };
}

function refusal(
  name: string,
  object: Json,
  problems: readonly string[],
  inForce: CompiledPolicy | undefined,
): Verdict {
  const { generation } = object['metadata'] as { generation?: number };
  const rest = inForce === undefined ? 'It is not in force.' : `Generation ${inForce.generation} stays in force.`;
  const message = `${problems.slice(0, 5).join('; ')}. ${rest}`;
  return { name, generation: generation ?? 0, ready: false, reason: 'Invalid', message };
}

function verdictOf({ name, generation, mode }: CompiledPolicy, lost: ReturnType<typeof conflicts>): Verdict {
  const [first] = lost;
  if (first === undefined)
    return { name, generation, ready: true, reason: 'InForce', message: `In force, mode ${mode}.` };
  const where =
    first.namespace === null
      ? 'both cover every namespace'
      : `both select ${lost
          .slice(0, 5)
          .map(({ namespace }) => namespace)
          .join(', ')}${lost.length > 5 ? ` and ${lost.length - 5} more` : ''}`;
  const message = `The older policy ${first.inForce.name} applies instead: ${where}. Narrow one of the namespace selectors.`;
  return { name, generation, ready: false, reason: 'Conflict', message };
}
