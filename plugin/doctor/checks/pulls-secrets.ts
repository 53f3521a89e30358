import type { Pod } from '../../../shared/kube/pod.ts';
import type { Check } from '../check.ts';
import type { Facts, Finding } from '../finding.ts';
import { classify } from '../pulls/classify.ts';
import { hostOf } from '../pulls/reference.ts';
import { coversImage, faultOf, secretsByName, type SecretFault, type Secrets } from '../pulls/secrets.ts';
import { waitingIn, wantsImages, type Waiting } from '../pulls/waiting.ts';

export const pullSecrets: Check = {
  id: 'AG-IMG-006',
  category: 'pulls',
  title: 'every pull secret that a pod names can be used',
  explanation:
    'A pod names its pull secrets by name only, in spec.imagePullSecrets, where admission has also written those of its service account. The kubelet goes on without a secret that does not exist in the namespace of the pod, has another type, or cannot be read, and the registry then answers as to anybody. A pod that runs shows nothing of it until its image is pulled again: that is a warning; it is an error where a container waits for its image. Only the hosts that a secret has an entry for are looked at, never what it holds for them.',
  needs: ['pods', 'secrets'],
  run(snapshot) {
    const { pods, secrets } = snapshot;
    const known = secretsByName(secrets.items);
    // A list of secrets that broke off shows which are there, never which are missing.
    const whole = secrets.gap === null;
    return pods.items.filter(wantsImages).flatMap((pod) => {
      const waiting = waitingIn(pod);
      const unusable = pod.pullSecrets.flatMap((name) => {
        const fault = faultOf(known, pod.meta.namespace, name);
        const unsure = !whole && (fault?.why === 'missing' || fault?.why === 'elsewhere');
        return fault === null || unsure ? [] : [unusableSecret(pod, name, fault, waiting)];
      });
      return unusable.length > 0 || !whole ? unusable : waiting.flatMap((one) => uncovered(known, pod, one));
    });
  },
};

function unusableSecret(pod: Pod, secret: string, fault: SecretFault, waiting: readonly Waiting[]): Finding {
  const { meta, nodeName, containers } = pod;
  const { namespace, name } = meta;
  // The registry that the secret is most likely meant for, to fill in the command that makes it.
  const host = hostOf(waiting[0]?.image ?? containers[0]?.image ?? '');
  return {
    cause: 'pull-secret-missing',
    severity: waiting.length > 0 ? 'error' : 'warning',
    confidence: 'certain',
    facts: { secret, namespace, ...(host === undefined ? {} : { host }), ...factsOf(fault) },
    evidence: [],
    objects: [{ kind: 'Pod', namespace, name, ...(nodeName === '' ? {} : { node: nodeName }) }],
  };
}

function factsOf(fault: SecretFault): Facts {
  switch (fault.why) {
    case 'missing':
      return { why: fault.why };
    case 'elsewhere':
      return { why: fault.why, from: fault.namespaces[0] ?? '', namespaces: fault.namespaces.slice(0, 5).join(', ') };
    case 'type':
      return { why: fault.why, type: fault.type };
    case 'malformed':
      return { why: fault.why, detail: fault.detail };
  }
}

const wantsLogin = new Set(['auth-required', 'auth-denied', 'auth-or-not-found']);

/** The secrets are sound, but none of them is for the registry that asked for a login. */
function uncovered(secrets: Secrets, pod: Pod, { image, message, container, scope }: Waiting): readonly Finding[] {
  const { meta, pullSecrets: names, nodeName } = pod;
  if (names.length === 0 || coversImage(secrets, pod, image)) return [];
  if (!classify(message, { image }).some(({ cause }) => wantsLogin.has(cause))) return [];
  const host = hostOf(image);
  const { namespace, name } = meta;
  return [
    {
      cause: 'pull-secret-missing',
      confidence: 'certain',
      scope,
      image,
      ...(host === undefined ? {} : { host }),
      facts: { secret: names[0] ?? '', secrets: names.join(', '), namespace, account: pod.serviceAccount, why: 'host' },
      evidence: [],
      objects: [{ kind: 'Pod', namespace, name, container, ...(nodeName === '' ? {} : { node: nodeName }) }],
    },
  ];
}
