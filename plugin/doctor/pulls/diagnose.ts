import type { Event } from '../../../shared/kube/event.ts';
import type { Pod } from '../../../shared/kube/pod.ts';
import type { Finding } from '../finding.ts';
import { excerpt } from './bound.ts';
import { classify, type Verdicts } from './classify.ts';
import { missingSecrets, pullEvent } from './history.ts';
import { redact } from './redact.ts';
import type { Circumstances, Verdict } from './verdict.ts';
import { isAboutPulls, type Waiting } from './waiting.ts';

/** What is known beside the pod and its events. */
export interface Surroundings {
  readonly node: Circumstances;
  /** The list of secrets could not be read, so that events must tell which are missing. */
  readonly blindToSecrets: boolean;
}

/**
 * Findings for one container that waits: from its own message, or from the newest event where the message has lost the
 * cause (before Kubernetes 1.32 a back-off says no more than that it is one).
 */
export function diagnose(
  pod: Pod,
  waiting: Waiting,
  events: readonly Event[],
  { node, blindToSecrets }: Surroundings,
): readonly Finding[] {
  const { image, container, reason, message } = waiting;
  const circumstances = {
    ...node,
    pull: isAboutPulls(reason),
    brings: pod.pullSecrets.length > 0,
    ...(image === '' ? {} : { image }),
  };
  const said = { verdicts: classify(spoken(reason, message), circumstances), line: `${reason}: ${message}` };
  const event = said.verdicts[0].cause === 'cause-lost' ? pullEvent(events, container, image) : undefined;
  const { verdicts, line } =
    event === undefined
      ? said
      : { verdicts: classify(event.message, circumstances), line: `event ${event.reason}: ${event.message}` };
  const secrets = blindToSecrets && verdicts.some(isAboutCredentials) ? missingSecrets(events) : [];
  const evidence = [redact(excerpt(line))];
  return [
    ...verdicts.map((verdict) => findingOf(pod, waiting, verdict, evidence)),
    ...secrets.map((secret) => missingSecret(pod, waiting, verdicts, secret, evidence)),
  ];
}

/** Some reasons say all there is to say, and old kubelets leave the message empty. */
function spoken(reason: string, message: string): string {
  switch (reason) {
    case 'InvalidImageName':
      return `InvalidImageName: ${message.startsWith('Failed to apply') ? message : `invalid reference format: ${message}`}`;
    case 'ErrImageNeverPull':
      return `${message}: is not present with pull policy of Never`;
    case 'ImageInspectError':
    case 'RegistryUnavailable':
    case 'SignatureValidationFailed':
      return `${reason}: ${message}`;
    case 'ErrImagePull':
    case 'ImagePullBackOff':
      return message === '' ? 'Back-off pulling image ""' : message;
    default:
      return message;
  }
}

function isAboutCredentials({ cause }: Verdict): boolean {
  return ['auth-required', 'auth-denied', 'auth-or-not-found', 'cause-lost'].includes(cause);
}

function findingOf(pod: Pod, waiting: Waiting, verdict: Verdict, evidence: readonly string[]): Finding {
  const { cause, confidence, host, facts, decide } = verdict;
  const { scope, image, volume } = waiting;
  return {
    cause,
    confidence,
    scope,
    ...(image === '' ? {} : { image }),
    ...(host === undefined ? {} : { host }),
    facts: {
      ...facts,
      ...(volume === undefined ? {} : { volume }),
      ...(isAboutCredentials(verdict) ? login(pod) : {}),
    },
    evidence: decide === undefined ? evidence : [...evidence, `what would decide it: ${decide}`],
    objects: [objectOf(pod, waiting)],
  };
}

/** What the pod could bring, and the account that could bring more. */
function login({ pullSecrets, serviceAccount }: Pod): Record<string, string> {
  return { account: serviceAccount, ...(pullSecrets.length > 0 ? { secrets: pullSecrets.join(', ') } : {}) };
}

/** The pull fails as without credentials, and only an event tells that the pod has meant to bring some. */
function missingSecret(
  pod: Pod,
  waiting: Waiting,
  [first]: Verdicts,
  secret: string,
  evidence: readonly string[],
): Finding {
  return {
    cause: 'pull-secret-missing',
    confidence: 'certain',
    scope: waiting.scope,
    image: waiting.image,
    ...(first.host === undefined ? {} : { host: first.host }),
    facts: { secret, namespace: pod.meta.namespace, why: 'missing' },
    evidence: [`event FailedToRetrieveImagePullSecret: ${secret}`, ...evidence],
    objects: [objectOf(pod, waiting)],
  };
}

function objectOf({ meta, nodeName }: Pod, { container }: Waiting): Finding['objects'][number] {
  const { namespace, name } = meta;
  return { kind: 'Pod', namespace, name, container, ...(nodeName === '' ? {} : { node: nodeName }) };
}
