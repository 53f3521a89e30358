import { stringify } from 'yaml';
import lockSchema from '../plugin/supply/lock/lock.schema.json' with { type: 'json' };
import { explanations } from '../plugin/doctor/explanation.ts';
import rawSchema from '../shared/policy/schema.json' with { type: 'json' };
import { customResourceDefinition } from './crd.ts';
import { doctorRole } from './doctor-role.ts';
import { explanationIndex, explanationPage } from './explanation-page.ts';
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
    ['manifests/doctor-rbac.yaml', doctorRole()],
    ['docs/policy.md', policyPage(policy)],
    ...explanationPages(),
  ]);
}

function explanationPages(): [string, string][] {
  const { check = [], cause = [] } = Object.groupBy(explanations(), (one) => one.of);
  return [
    ['docs/checks/README.md', explanationIndex('Checks of kubectl airgap doctor', check)],
    ['docs/causes/README.md', explanationIndex('Causes that kubectl airgap doctor names', cause)],
    ...[...check, ...cause].map((one): [string, string] => [`docs/${one.of}s/${one.id}.md`, explanationPage(one)]),
  ];
}
