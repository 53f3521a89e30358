import type { Pod } from '../../shared/kube/pod.ts';
import { askedText, type Asked } from '../doctor/admission/asked.ts';
import type { Enforcer } from '../doctor/admission/enforcers.ts';
import { madeAnew } from '../doctor/admission/made-anew.ts';
import type { WhyUntouched } from '../doctor/admission/why-untouched.ts';
import { shell } from '../doctor/shell.ts';

export function doctor(check: string): string {
  return `$ kubectl airgap doctor --check ${check}`;
}

/** What to do about a pod that is not as its policy wants it: by what would happen now, whatever happened then. */
export function nextSteps(why: WhyUntouched, asked: Asked, pod: Pod, does: Enforcer['does']): string[] {
  switch (asked.why) {
    case 'not-installed':
      return ['What is missing, and the command that installs it:', doctor('AG-ADM-001')];
    case 'left-out':
      return [...still(why, asked), ...leftOutSteps(asked.by, asked.enforcer, pod)];
    case 'left-out-by-condition':
      return [
        ...still(why, asked),
        'Hold the conditions against the pod; those of kubectl airgap end in .airgap.dev, the others are somebody’s:',
        ...compared(asked.enforcer, pod, 'matchConditions'),
      ];
    case 'asked':
      break;
  }
  if (does === 'reject')
    return [
      'It runs on, and cannot be made anew. What lets its images in is told by:',
      doctor('AG-ADM-005'),
      ...(why.why === 'missed' ? ['Whether the webhook is well now:', '$ kubectl airgap doctor admission'] : []),
    ];
  return [
    ...(why.why === 'missed' ? ['See that the webhook is well now:', '$ kubectl airgap doctor admission'] : []),
    'Make it anew, and it is rewritten; what runs in it ends:',
    `$ ${madeAnew(pod)}`,
  ];
}

/** Where something else is why it is so now, and this is why it would stay so. */
function still(why: WhyUntouched, asked: Asked): string[] {
  return why.why === asked.why ? [] : [`Made anew it would stay so: ${askedText(asked)}.`];
}

function leftOutSteps(by: 'rules' | 'namespaceSelector' | 'objectSelector', enforcer: Enforcer, pod: Pod): string[] {
  if (by === 'rules') return ['Its rules have been changed; what brings them back is told by:', doctor('AG-ADM-001')];
  // The bindings of a policy in CEL are made from the policies, so what differs is drift.
  if (enforcer.called === null) return ['Its bindings may be older than the policies:', doctor('AG-ADM-007')];
  if (by === 'namespaceSelector')
    return ['Whether it opted out by a label or the selector was changed, and the way back:', doctor('AG-ADM-004')];
  return ['Hold the selector against the labels of the pod:', ...compared(enforcer, pod, 'objectSelector')];
}

function compared({ object }: Enforcer, { meta }: Pod, field: string): string[] {
  return [
    `$ kubectl get ${object.kind.toLowerCase()} ${shell(object.name)} -o jsonpath='{.webhooks[*].${field}}'`,
    `$ kubectl -n ${shell(meta.namespace)} get pod ${shell(meta.name)} --show-labels`,
  ];
}
