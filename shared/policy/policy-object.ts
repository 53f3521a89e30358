import { readConditions, type Condition } from '../kube/condition.ts';
import { number, record, text, type Json } from '../kube/json.ts';
import { readMeta, type Meta } from '../kube/meta.ts';
import type { CompiledPolicy } from './compile.ts';
import { readPolicy, type Loaded } from './load.ts';

/** An AirgapPolicy as the cluster holds it, or a file in its place. */
export interface PolicyObject {
  readonly meta: Meta;
  /** Of the object, which counts its changes; 0 in a file. */
  readonly generation: number;
  readonly loaded: Loaded<CompiledPolicy>;
  /** What the webhook wrote into the status; null where none has yet. */
  readonly observed: {
    readonly generation: number;
    readonly ready: Condition | null;
    /** The release of the webhook that wrote it; empty where it does not say. */
    readonly by: string;
  } | null;
}

export function readPolicyObject(raw: Json): PolicyObject {
  const status = record(raw['status']);
  const generation = number(status['observedGeneration']);
  const ready = readConditions(raw).find(({ type }) => type === 'Ready') ?? null;
  return {
    meta: readMeta(raw),
    generation: number(record(raw['metadata'])['generation']) ?? 0,
    loaded: readPolicy(raw),
    observed: generation === undefined ? null : { generation, ready, by: text(status['observedBy']) ?? '' },
  };
}

/** The policies that load; which of them is in force where, `policyFor` decides. */
export function soundPolicies(objects: readonly PolicyObject[]): CompiledPolicy[] {
  return objects.flatMap(({ loaded }) => (loaded.ok ? [loaded.value] : []));
}
