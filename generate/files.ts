import { stringify } from 'yaml';
import lockSchema from '../plugin/supply/lock/lock.schema.json' with { type: 'json' };
import volumeSchema from '../plugin/supply/media/volume.schema.json' with { type: 'json' };
import { explanations } from '../plugin/doctor/explanation.ts';
import rawSchema from '../shared/policy/schema.json' with { type: 'json' };
import { installObjects } from '../plugin/install/objects.ts';
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
  const crd = customResourceDefinition(policy);
  return new Map([
    ['shared/policy/validate.generated.ts', validatorOf(policySchema)],
    ['shared/policy/policy.generated.ts', typesOf(policy, 'AirgapPolicy')],
    ['plugin/supply/lock/validate.generated.ts', validatorOf(lockSchema)],
    ['plugin/supply/media/validate.generated.ts', validatorOf(volumeSchema)],
    ['plugin/install/crd.generated.json', `${JSON.stringify(crd, null, 2)}\n`],
    ['manifests/base/crd.yaml', stringify(crd, { lineWidth: 0 })],
    ['manifests/base/webhook.yaml', base()],
    ['manifests/base/kustomization.yaml', stringify({ resources: ['crd.yaml', 'webhook.yaml'] })],
    ['manifests/doctor-rbac.yaml', doctorRole()],
    ['docs/policy.md', policyPage(policy)],
    ...explanationPages(),
  ]);
}

/** Overlays put the site's own image in place of the name: `images: [{name: airgap-webhook, newName: …}]`. */
function base(): string {
  const objects = installObjects({ image: 'airgap-webhook', namespace: 'airgap-system', pullSecrets: [] });
  return objects.map((object) => stringify(object, { lineWidth: 0, aliasDuplicateObjects: false })).join('---\n');
}

function explanationPages(): [string, string][] {
  const { check = [], cause = [] } = Object.groupBy(explanations(), (one) => one.of);
  return [
    ['docs/checks/README.md', explanationIndex('Checks of kubectl airgap doctor', check)],
    ['docs/causes/README.md', explanationIndex('Causes that kubectl airgap doctor names', cause)],
    ...[...check, ...cause].map((one): [string, string] => [`docs/${one.of}s/${one.id}.md`, explanationPage(one)]),
  ];
}
