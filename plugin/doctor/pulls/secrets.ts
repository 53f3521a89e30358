import { parseReference, repositoryOf } from '../../../shared/image/reference.ts';
import type { Pod } from '../../../shared/kube/pod.ts';
import { pullSecretKeys, type Secret } from '../../../shared/kube/secret.ts';
import { entriesFor } from '../../../shared/registry/dockerconfig-match.ts';
import type { DockerConfigProblem } from '../../../shared/registry/dockerconfig.ts';

/** Why a secret that a pod names brings no credentials. Nothing of what it holds is in here. */
export type SecretFault =
  | { readonly why: 'missing' }
  /** In these namespaces one of that name exists; a pod can only use its own namespace's. */
  | { readonly why: 'elsewhere'; readonly namespaces: readonly string[] }
  | { readonly why: 'type'; readonly type: string }
  | { readonly why: 'malformed'; readonly detail: string };

export type Secrets = ReadonlyMap<string, Secret>;

export function secretsByName(secrets: readonly Secret[]): Secrets {
  return new Map(secrets.map((secret) => [`${secret.meta.namespace}/${secret.meta.name}`, secret]));
}

/** Judges one secret as the kubelet will; null where it can be used. */
export function faultOf(secrets: Secrets, namespace: string, name: string): SecretFault | null {
  const secret = secrets.get(`${namespace}/${name}`);
  if (secret === undefined) {
    const namespaces = [...secrets.values()]
      .filter(({ meta, type }) => meta.name === name && type in pullSecretKeys)
      .map(({ meta }) => meta.namespace);
    return namespaces.length === 0 ? { why: 'missing' } : { why: 'elsewhere', namespaces };
  }
  if (secret.pull === undefined) return { why: 'type', type: secret.type };
  const { problem } = secret.pull;
  return problem === null ? null : { why: 'malformed', detail: inWords(problem) };
}

function inWords(problem: DockerConfigProblem | { readonly kind: 'missing-key'; readonly key: string }): string {
  switch (problem.kind) {
    case 'missing-key':
      return `it has no key ${problem.key}`;
    case 'empty':
      return 'its content is empty';
    case 'not-json':
      return 'its content is not JSON';
    case 'encoded-twice':
      return 'its content was encoded in base64 twice';
    case 'bad-entry':
      return `its entry for ${problem.host} cannot be read: ${problem.why}`;
    case 'no-auths':
      return 'it has no "auths"';
    case 'other-format':
      return 'its content has the format of the other type of pull secret';
    default:
      return 'its content cannot be read';
  }
}

/** Whether any of a pod's usable secrets has a login for the registry of an image. */
export function coversImage(secrets: Secrets, pod: Pod, image: string): boolean {
  const parsed = parseReference(image);
  if (!parsed.ok) return true;
  const repository = repositoryOf(parsed.reference);
  return pod.pullSecrets.some((name) => {
    const entries = secrets.get(`${pod.meta.namespace}/${name}`)?.pull?.entries ?? [];
    return entriesFor(entries, repository).some(({ hasLogin }) => hasLogin);
  });
}
