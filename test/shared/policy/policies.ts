import assert from 'node:assert/strict';
import type { CompiledPolicy, Mode } from '../../../shared/policy/compile.ts';
import { readPolicy } from '../../../shared/policy/load.ts';
import { printProblem } from '../../../shared/policy/problem.ts';

/** The rules that most tests use: two mirrors, and a path of the second that goes elsewhere. */
export const usualRules = {
  mirrors: [
    { sourcePrefix: 'docker.io/library', targetPrefix: 'my-registry.local/library' },
    { sourcePrefix: 'quay.io', targetPrefix: 'my-registry.local/quay' },
    { sourcePrefix: 'quay.io/special/one', targetPrefix: 'other.local:5000/one' },
  ],
  allowedPrefixes: ['my-registry.local', 'quay.io/own'],
  imagePullSecrets: ['internal-registry'],
};

/** The policy that most tests use, with what a test changes. */
export function policyDocument(spec: object = {}, name = 'default'): object {
  return {
    apiVersion: 'airgap.dev/v1alpha1',
    kind: 'AirgapPolicy',
    metadata: { name },
    spec: {
      mode: 'Enforce',
      ...usualRules,
      exemptions: [{ namespaces: ['kube-system'], reason: 'bootstrap' }],
      ...spec,
    },
  };
}

export function policyWith(spec: object = {}, name = 'default'): CompiledPolicy {
  const loaded = readPolicy(policyDocument(spec, name));
  assert.ok(loaded.ok, loaded.ok ? '' : loaded.problems.map((problem) => printProblem('', problem)).join('\n'));
  return loaded.value;
}

export const modes: readonly Mode[] = ['Audit', 'Warn', 'Rewrite', 'Enforce'];
