import type { Facts } from '../finding.ts';
import { fact, word, type Cause } from './cause.ts';
import type { IdOf } from './ids.ts';

type NotAsWanted = Extract<IdOf<'policy'>, `image-would-be-${string}` | 'rewrite-missed'>;

/** Whole commands that the check made and quoted, one a line. */
function commands(facts: Facts, name: string): string[] {
  return facts[name] === undefined ? [] : facts[name].split('\n').map((line) => `$ ${line}`);
}

/**
 * What lets an image in: in the file that the policy was read from (`file`), or in the cluster. Nothing lets in what is no
 * reference (`invalid`).
 */
function toAllow(facts: Facts): string[] {
  if (facts['invalid'] !== undefined)
    return ['Mend the name in the manifest that it comes from: no mirror and no prefix allows what cannot be read.'];
  const { file, mirrorRule } = facts;
  const within = file === undefined ? '' : ` --policy ${word(facts, 'file')}`;
  const allow =
    file !== undefined
      ? mirrorRule === undefined
        ? [`If it is to be used, add a mirror or an allowed prefix for it to ${file}.`]
        : [
            `If it is to be used, let it come from the mirror, and copy it there: in ${file}, under spec.mirrors:`,
            `  ${mirrorRule}`,
          ]
      : facts['mirrorIt'] === undefined
        ? [
            'If it is to be used, add a mirror or an allowed prefix for it:',
            `$ kubectl edit airgappolicy ${word(facts, 'policy')}`,
          ]
        : ['If it is to be used, let it come from the mirror, and copy it there:', ...commands(facts, 'mirrorIt')];
  return [
    ...allow,
    'If it is in your own registry already, allow its prefix instead. See what the policy says of it then:',
    `$ kubectl airgap explain image${within} ${word(facts, 'image')} -n ${word(facts, 'namespace')}`,
  ];
}

/** What goes on, and what stops when. */
function whatComes(facts: Facts): string {
  const { stillLetIn, restsIn, mode, file } = facts;
  const next = restsIn === undefined ? 'the next drained node, restart or scale-up' : 'the next run or scale-up';
  const now = restsIn === undefined ? 'What runs goes on' : 'Nothing runs with it';
  if (stillLetIn === undefined) return `${now}, but no new pod can be made: ${next} is turned away.`;
  const once =
    file !== undefined
      ? 'Once it is in force in the mode Enforce,'
      : mode === 'Enforce'
        ? 'Once that is mended,'
        : 'In the mode Enforce';
  return `${now}, and new pods are let in: ${stillLetIn}. ${once} ${next} is turned away.`;
}

/** Facts: `image`, `policy`, `mode`, `reason`, `result`, `registry`; `restsIn`, `stillLetIn`, `because`, `again` and what `toAllow` reads. */
export const notAsWanted: Readonly<Record<NotAsWanted, Cause>> = {
  'image-would-be-rejected': {
    title: 'an image is in use that the policy does not allow',
    severity: 'warning',
    owner: 'author of the policy',
    summary: (facts) => {
      const use = facts['restsIn'] === undefined ? 'runs' : `stands in ${facts['restsIn']} of which no pod runs now`;
      return `${fact(facts, 'image')} ${use}, and the policy ${fact(facts, 'policy')} (mode ${fact(facts, 'mode')}) does not allow it: ${fact(facts, 'reason')}`;
    },
    remedy: (facts) => [whatComes(facts), ...toAllow(facts)],
    explanation:
      'The pod or template was admitted before the policy was there or while it was less strict, or its namespace was left out then. Whatever runs is left alone; a policy is asked when something is created or its images change. That is why a cluster can look well for months and lose a workload at the next drain, or a CronJob its next run, and why a policy is looked at with doctor before its mode is raised. Where a template is named, its pods are not listed beside it: what is to be changed is the template or the policy.',
    confirm: [
      '$ kubectl airgap explain image IMAGE -n NAMESPACE',
      'Of a pod that runs:',
      '$ kubectl airgap explain pod NAME -n NAMESPACE',
    ],
  },
  'image-would-be-rewritten': {
    title: 'an image runs that the policy would have rewritten',
    severity: 'warning',
    owner: 'who runs the workload',
    summary: (facts) =>
      `${fact(facts, 'image')} runs as it was written, and the policy ${fact(facts, 'policy')} (mode ${fact(facts, 'mode')}) makes it ${fact(facts, 'result')}: ${fact(facts, 'because')}`,
    remedy: (facts) => [
      'The pod runs on with the image that its node has. See that the mirror holds it, or the next pod cannot start:',
      `$ kubectl airgap doctor mirror --registry ${word(facts, 'registry')}`,
      ...(facts['again'] === undefined
        ? []
        : ['Make its pods anew, so that they are rewritten:', ...commands(facts, 'again')]),
    ],
    explanation:
      'A policy is applied when a pod is created. What was there before keeps the image as it was written, and the node pulls it from the outside again whenever it has lost it. In the modes Audit and Warn nothing is rewritten at all, and this says what would be.',
    confirm: ['$ kubectl airgap explain pod NAME -n NAMESPACE'],
  },
  'rewrite-missed': {
    title: 'a pod slipped past the webhook that should have rewritten it',
    severity: 'error',
    owner: 'who runs the webhook',
    summary: (facts) =>
      `pods with ${fact(facts, 'image')} were created under the policy ${fact(facts, 'policy')} (mode ${fact(facts, 'mode')}) and were not rewritten to ${fact(facts, 'result')}: ${fact(facts, 'because')}`,
    remedy: (facts) => [
      'See that the webhook answers now, and why it did not then:',
      '$ kubectl airgap doctor admission certs',
      'Then make the pods anew, so that they are rewritten:',
      ...(facts['again'] === undefined
        ? [`$ kubectl -n ${word(facts, 'namespace')} delete pod ${word(facts, 'name')}`]
        : commands(facts, 'again')),
    ],
    explanation:
      'The pod is younger than the policy and than the webhook, the webhook covers it, and yet its images stand as they were written and the note that the webhook leaves is missing. The mutating webhook fails open: while it did not answer, pods went through unchanged. A validating webhook that fails closed turns such pods away, so either that one was missing too, or the policy was less strict then. A policy that has been changed since may explain it as well; then it is only a guess.',
    confirm: [
      '$ kubectl airgap explain pod NAME -n NAMESPACE',
      'Calls that the API server passed over, since it was started:',
      '$ kubectl get --raw /metrics | grep apiserver_admission_webhook_fail_open_count',
    ],
  },
};
