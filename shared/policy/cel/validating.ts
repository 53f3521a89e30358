import type { CompiledPolicy, Mode } from '../compile.ts';
import type { Placement } from '../positions.ts';
import { decisionVariables } from './decision.ts';
import { someImageToJudge } from './fast.ts';
import { notMirrorPod, podRules, templateRules, templateSpec } from './matched.ts';
import { rejectionMessage } from './message.ts';
import { entriesOf, imageOf, mostImages } from './places.ts';

type Holds = Placement['holds'];

/** What a binding does where the final object is not as the policy wants it, by mode. */
export const actions: Readonly<Record<Mode, readonly string[]>> = {
  Audit: ['Audit'],
  Warn: ['Warn', 'Audit'],
  Rewrite: ['Warn', 'Audit'],
  Enforce: ['Deny', 'Audit'],
};

/** `spec` of the ValidatingAdmissionPolicy for pods, or for what makes pods, where a rewrite is still to come. */
export function validatingSpec(policy: CompiledPolicy, holds: Holds): Record<string, unknown> {
  const spec = holds === 'pod' ? (object: string): string => `${object}.spec` : templateSpec;
  return {
    failurePolicy: policy.mode === 'Enforce' ? 'Fail' : 'Ignore',
    matchConstraints: holds === 'pod' ? podRules : templateRules,
    matchConditions: [
      ...(holds === 'pod' ? [notMirrorPod] : []),
      {
        name: 'something-to-judge',
        expression: holds === 'pod' ? someImageToJudge(policy, 'object.spec') : templateToJudge,
      },
    ],
    variables: [
      { name: 'spec', expression: spec('object') },
      { name: 'entries', expression: entriesOf('variables.spec') },
      { name: 'oldSpec', expression: spec('oldObject') },
      { name: 'before', expression: `request.operation == 'UPDATE' ? ${entriesOf('variables.oldSpec')} : []` },
      { name: 'changed', expression: 'variables.entries.filter(e, !(e in variables.before))' },
      {
        name: 'written',
        expression: `${tooMany} ? [] : variables.changed.map(e, ${imageOf('e')}).distinct()`,
      },
      ...decisionVariables(policy),
      { name: 'right', expression: right[holds] },
      {
        name: 'wrong',
        expression: `${tooMany} ? [] : variables.changed.filter(e, !(${imageOf('e')} in variables.right))`,
      },
    ],
    validations: [
      {
        expression: `!(${tooMany})`,
        message: `airgap policy ${policy.name}: more than ${mostImages} images are more than the API server can judge: split the object, or use the webhook`,
        reason: 'Forbidden',
      },
      {
        expression: 'size(variables.wrong) == 0',
        message: `airgap policy ${policy.name} does not allow an image of this object`,
        messageExpression: rejectionMessage(policy),
        reason: 'Forbidden',
      },
    ],
  };
}

const tooMany = `size(variables.changed) > ${mostImages}`;

const right: Readonly<Record<Holds, string>> = {
  pod: "variables.found.transformMap(w, p, p != '' && variables.rules[p] == '', true)",
  template: "variables.found.transformMap(w, p, p != '' && (variables.rules[p] == '' || w in variables.results), true)",
};

/** An update that leaves the templates as they are, such as a new number of replicas, has nothing to judge. */
const templateToJudge = "request.operation == 'CREATE' || object != oldObject";
