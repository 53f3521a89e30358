import { stringify } from 'yaml';
import lockSchema from '../plugin/supply/lock/lock.schema.json' with { type: 'json' };
import rawSchema from '../shared/policy/schema.json' with { type: 'json' };
import { customResourceDefinition } from './crd.ts';
import { inlined, type Schema } from './schema.ts';
import { policyPage } from './policy-page.ts';
import { typesOf } from './types.ts';
import { validatorOf } from './validator.ts';

const policySchema: Schema = rawSchema;

/** Path and content of every generated file; paths are relative to the repository. */
export function generatedFiles(): Map<string, string> {
  const policy = inlined(policySchema);
  return new Map([
    ['shared/policy/validate.generated.ts', validatorOf(policySchema)],
    ['shared/policy/policy.generated.ts', typesOf(policy, 'AirgapPolicy')],
    ['plugin/supply/lock/validate.generated.ts', validatorOf(lockSchema)],
    ['manifests/base/crd.yaml', stringify(customResourceDefinition(policy), { lineWidth: 0 })],
    ['docs/policy.md', policyPage(policy)],
  ]);
}
