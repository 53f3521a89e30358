import { readPolicy } from '../../../../shared/policy/load.ts';
import { printProblem } from '../../../../shared/policy/problem.ts';
import type { CompiledPolicy, Mode } from '../../../../shared/policy/compile.ts';
import { usualRules } from '../../../shared/policy/policies.ts';

/** Who judges: the webhook, the CEL objects, or the webhook with the CEL validation behind it. */
export type Engine = 'webhook' | 'cel' | 'both';

interface Rules {
  readonly spec: Readonly<Record<string, unknown>>;
  /** An image that the policy allows as it is, for the containers that a vector is not about. */
  readonly allowed: string;
}

const odd = {
  mirrors: [
    { sourcePrefix: 'index.docker.io', targetPrefix: 'r.local:5000/hub' },
    { sourcePrefix: 'docker.io/library/nginx', targetPrefix: 'r.local:5000/web/nginx' },
    { sourcePrefix: 'docker.io/bitnami', targetPrefix: 'r2.local' },
    { sourcePrefix: 'ghcr.io/team/app', targetPrefix: 'r2.local' },
    { sourcePrefix: 'ghcr.io', targetPrefix: 'r.local:5000/ghcr' },
    { sourcePrefix: 'Corp:80', targetPrefix: 'my_host.corp/odd' },
    { sourcePrefix: '[2001:db8::1]:443', targetPrefix: '[::1]:5000/six' },
    { sourcePrefix: 'quay.io', targetPrefix: `r.local:5000/${'long-'.repeat(40)}quay` },
  ],
  allowedPrefixes: ['localhost:5000', 'localhost/own', 'a_b.c', 'docker.io/library/busybox', 'quay.io/own/app'],
  imagePullSecrets: ['first', 'second'],
};

/** Enough rules that the generator no longer makes one pattern of them. */
const more = Array.from({ length: 40 }, (_, index) => ({
  sourcePrefix: `registry-${index}.example.com/team`,
  targetPrefix: `r.local:5000/registry-${index}`,
}));

/** The sets of rules: a usual one, one of everything that is unusual, and the same with many rules more. */
export const rules: Readonly<Record<'usual' | 'odd' | 'many', Rules>> = {
  usual: {
    allowed: 'my-registry.local/base:1',
    spec: usualRules,
  },
  odd: { allowed: 'localhost:5000/base', spec: odd },
  many: { allowed: 'localhost:5000/base', spec: { ...odd, mirrors: [...odd.mirrors, ...more] } },
};

export interface RuleSet {
  readonly rules: keyof typeof rules;
  readonly mode: Mode;
}

export const ruleSets: readonly RuleSet[] = [
  ...(['usual', 'odd'] as const).flatMap((name) =>
    (['Enforce', 'Rewrite', 'Warn', 'Audit'] as const).map((mode) => ({ rules: name, mode })),
  ),
  { rules: 'many', mode: 'Enforce' },
];

export const policyName = ({ rules: name, mode }: RuleSet): string => `${name}-${mode.toLowerCase()}`;
export const namespaceOf = (set: RuleSet, engine: Engine, exempt = false): string =>
  `${policyName(set)}-${engine}${exempt ? '-free' : ''}`;

/** The AirgapPolicy of a set, for the namespaces of these engines. */
export function policyDocument(set: RuleSet, engines: readonly Engine[]): Record<string, unknown> {
  const exempt = engines.map((engine) => namespaceOf(set, engine, true));
  const values = [...engines.map((engine) => namespaceOf(set, engine)), ...exempt];
  return {
    apiVersion: 'airgap.dev/v1alpha1',
    kind: 'AirgapPolicy',
    metadata: { name: policyName(set) },
    spec: {
      ...rules[set.rules].spec,
      mode: set.mode,
      exemptions: [{ namespaces: exempt, reason: 'a test' }],
      namespaceSelector: { matchExpressions: [{ key: 'kubernetes.io/metadata.name', operator: 'In', values }] },
    },
  };
}

export function policyOf(set: RuleSet, engines: readonly Engine[]): CompiledPolicy {
  const read = readPolicy(policyDocument(set, engines));
  if (read.ok) return read.value;
  throw new Error(read.problems.map((problem) => printProblem(policyName(set), problem)).join('\n'));
}
