import { parsePrefix } from '../image/prefix.ts';
import { parseReference, repositoryOf } from '../image/reference.ts';
import type { AirgapPolicy } from './policy.generated.ts';

export type Mode = 'Audit' | 'Warn' | 'Rewrite' | 'Enforce';
export type Selector = NonNullable<AirgapPolicy['spec']['namespaceSelector']>;
export type CustomResource = NonNullable<AirgapPolicy['spec']['customResources']>[number];

/** A rule as it was written; the shape is part of the JSON output. */
export interface MirrorRule {
  readonly sourcePrefix: string;
  readonly targetPrefix: string;
}

/** What a prefix says about the names below it. Targets are normalised, the rule is as written. */
export type Verdict =
  | {
      readonly does: 'rewrite';
      readonly target: string;
      /** Whether the target can take the place of a whole repository: what follows a bare host would not be a name. */
      readonly wholeNames: boolean;
      readonly rule: MirrorRule;
    }
  | { readonly does: 'allow'; readonly because: 'target' | 'allowed' };

/** A policy that has been found sound, ready to decide. */
export interface CompiledPolicy {
  readonly name: string;
  readonly mode: Mode;
  /** RFC 3339, so that the text sorts as time does. Empty for a file. */
  readonly createdAt: string;
  readonly generation: number;
  readonly verdicts: ReadonlyMap<string, Verdict>;
  readonly pullSecrets: readonly string[];
  readonly selector: Selector;
  /** Reasons by namespace. */
  readonly exemptions: ReadonlyMap<string, string>;
  readonly customResources: readonly CustomResource[];
}

/** Compiles a policy that `findProblems` found nothing in. */
export function compile(policy: AirgapPolicy): CompiledPolicy {
  const { spec } = policy;
  const metadata = policy.metadata as { readonly name: string; creationTimestamp?: unknown; generation?: unknown };
  return {
    name: metadata.name,
    mode: spec.mode ?? 'Audit',
    createdAt: typeof metadata.creationTimestamp === 'string' ? metadata.creationTimestamp : '',
    generation: typeof metadata.generation === 'number' ? metadata.generation : 0,
    verdicts: verdictsOf(spec),
    pullSecrets: [...new Set(spec.imagePullSecrets)],
    selector: spec.namespaceSelector ?? {},
    exemptions: new Map(
      (spec.exemptions ?? []).flatMap(({ namespaces, reason }) => namespaces.map((name) => [name, reason] as const)),
    ),
    customResources: spec.customResources ?? [],
  };
}

/** A source goes before an allowed prefix, which goes before a target that happens to be the same. */
function verdictsOf({ mirrors = [], allowedPrefixes = [] }: AirgapPolicy['spec']): Map<string, Verdict> {
  const verdicts = new Map<string, Verdict>();
  for (const { targetPrefix } of mirrors) verdicts.set(normal(targetPrefix), { does: 'allow', because: 'target' });
  for (const prefix of allowedPrefixes) verdicts.set(normal(prefix), { does: 'allow', because: 'allowed' });
  for (const { sourcePrefix, targetPrefix } of mirrors) {
    const target = normal(targetPrefix);
    const verdict = {
      does: 'rewrite',
      target,
      wholeNames: isRepository(target),
      rule: { sourcePrefix, targetPrefix },
    } as const;
    verdicts.set(normal(sourcePrefix), verdict);
  }
  return verdicts;
}

/** A host alone is none, and neither is `docker.io/x`, which runtimes read as `docker.io/library/x`. */
export function isRepository(prefix: string): boolean {
  const parsed = parseReference(prefix);
  return parsed.ok && repositoryOf(parsed.reference) === prefix;
}

/** A prefix in the spelling that references are normalised to; as written where it is none. */
export function normal(prefix: string): string {
  const parsed = parsePrefix(prefix);
  return parsed.ok ? parsed.prefix : prefix;
}
