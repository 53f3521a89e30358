import { record, text } from '../../../shared/kube/json.ts';
import { readDockerConfig, type DockerConfig } from '../../../shared/registry/dockerconfig.ts';
import { repositoryOf } from '../../../shared/image/reference.ts';
import { ask, readJson } from '../../cluster/ask.ts';
import type { Connection } from '../../cluster/connection.ts';
import { anonymous, keychainOf, type Keychain } from '../keychain.ts';
import type { WantedImage } from './wanted-images.ts';

/** Whom an image is asked for as. */
export interface Asker {
  readonly keychain: Keychain;
  /** `pull secret NAMESPACE/NAME`, `your own login` or `anonymous`. */
  readonly as: string;
}

export type Askers = (wanted: WantedImage) => Promise<Asker>;

/**
 * Asks as the pod does: with the first of its pull secrets that has a login for the repository, else as nobody. What is
 * read of a Secret stays in memory for as long as the probe lasts. Where the secrets may not be read, and for images
 * that already run, the user's own login stands in.
 */
export function askers(connection: Connection, own: Keychain, signal: AbortSignal): Askers {
  const known = new Map<string, Promise<DockerConfig | null>>();
  const secret = (namespace: string, name: string): Promise<DockerConfig | null> => {
    const key = `${namespace}/${name}`;
    const config = known.get(key) ?? readPullSecret(connection, namespace, name, signal);
    known.set(key, config);
    return config;
  };
  const yours = async (repository: string, why: string): Promise<Asker> =>
    (await own(repository)) === null
      ? { keychain: anonymous, as: `anonymous${why}` }
      : { keychain: own, as: `your own login${why}` };

  return async ({ reference, failing, namespace, pullSecrets }) => {
    const repository = repositoryOf(reference);
    if (!failing) return yours(repository, '');
    for (const name of pullSecrets) {
      const config = await secret(namespace, name);
      if (config === null) return yours(repository, ` (the pull secret ${namespace}/${name} cannot be read)`);
      const keychain = keychainOf(config);
      if ((await keychain(repository)) !== null) return { keychain, as: `pull secret ${namespace}/${name}` };
    }
    return { keychain: anonymous, as: 'anonymous' };
  };
}

/** Null where it may not be read; a secret that does not exist brings no login, and the kubelet goes on without it. */
async function readPullSecret(
  connection: Connection,
  namespace: string,
  name: string,
  signal: AbortSignal,
): Promise<DockerConfig | null> {
  const path = `/api/v1/namespaces/${encodeURIComponent(namespace)}/secrets/${encodeURIComponent(name)}`;
  try {
    const answer = await ask(connection, path, signal);
    if ('refused' in answer) return answer.refused.status === 404 ? readDockerConfig('') : null;
    const object = await readJson(answer.ok, connection);
    const data = record(object['data']);
    const old = object['type'] === 'kubernetes.io/dockercfg';
    const content = text(data[old ? '.dockercfg' : '.dockerconfigjson']) ?? '';
    return readDockerConfig(Buffer.from(content, 'base64').toString('utf8'), old ? 'dockercfg' : 'dockerconfigjson');
  } catch {
    // The report says that it could not be read; why, the checks of pull secrets tell.
    return null;
  }
}
