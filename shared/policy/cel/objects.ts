import { AirgapError } from '../../errors.ts';
import type { CompiledPolicy } from '../compile.ts';
import type { KubernetesObject } from './kubernetes-object.ts';
import { mutatingSpec } from './mutating.ts';
import { scopesOf, type Scope } from './scope.ts';
import { actions, validatingSpec } from './validating.ts';

export interface CelOptions {
  /** Namespaces that are left alone whatever the policies say, so that the cluster can always start. */
  readonly leftOut?: readonly string[];
  /** `validate`: only what judges the final object, for a cluster where the webhook rewrites. */
  readonly parts?: 'all' | 'validate';
}

const apiVersion = 'admissionregistration.k8s.io/v1';
/** Every object of the CEL form has them, and nothing else has. */
export const celLabels = {
  'app.kubernetes.io/name': 'airgap-cel',
  'app.kubernetes.io/part-of': 'kubectl-airgap',
} as const;
/** The API server's parser reads no longer expression. */
const longestExpression = 100_000;

/**
 * Policies as objects that the API server itself evaluates (Kubernetes 1.36 and newer), policies before their bindings.
 * Pure; equal policies give equal objects. Throws an `AirgapError` where a policy is too large for CEL.
 */
export function celObjects(policies: readonly CompiledPolicy[], options: CelOptions = {}): KubernetesObject[] {
  const scopes = scopesOf(policies, options.leftOut ?? ['kube-system']);
  return scopes.flatMap((scope) => {
    const { policy } = scope;
    const rewrites = options.parts !== 'validate' && (policy.mode === 'Rewrite' || policy.mode === 'Enforce');
    return [
      ...(rewrites ? objectsOf('Mutating', 'rewrite', scope, mutatingSpec(policy), {}) : []),
      ...(['pod', 'template'] as const).flatMap((holds) =>
        objectsOf('Validating', `${holds}s`, scope, validatingSpec(policy, holds), {
          validationActions: actions[policy.mode],
        }),
      ),
    ];
  });
}

function objectsOf(
  kind: 'Mutating' | 'Validating',
  part: string,
  { policy, selectors }: Scope,
  spec: Record<string, unknown>,
  bound: Record<string, unknown>,
): KubernetesObject[] {
  const name = `${policy.name}.${part}.airgap.dev`;
  refuseTooLarge(policy, name, spec);
  const bindings = selectors.map((namespaceSelector, index) => ({
    apiVersion,
    kind: `${kind}AdmissionPolicyBinding`,
    metadata: { name: index === 0 ? name : `${name}-${index + 1}`, labels: celLabels },
    spec: {
      policyName: name,
      matchResources: { matchPolicy: 'Equivalent', namespaceSelector, objectSelector: {} },
      ...bound,
    },
  }));
  return [{ apiVersion, kind: `${kind}AdmissionPolicy`, metadata: { name, labels: celLabels }, spec }, ...bindings];
}

function refuseTooLarge(policy: CompiledPolicy, name: string, spec: Record<string, unknown>): void {
  const hint =
    'Split the policy by namespaces, use shorter or fewer prefixes, or use the webhook, which has no such limit.';
  if (name.length > 250)
    throw new AirgapError(
      'input',
      `The name of policy ${policy.name} is too long for the objects that are named by it.`,
      hint,
    );
  const longest = Math.max(...expressionsOf(spec).map(({ length }) => length));
  if (longest > longestExpression)
    throw new AirgapError(
      'input',
      `Policy ${policy.name} is too large for CEL: one expression has ${longest} characters, and the API server reads at most ${longestExpression}.`,
      hint,
    );
}

function expressionsOf(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(expressionsOf) : [];
}
