import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { readDockerConfig, type DockerConfig, type DockerConfigFormat } from '../../shared/registry/dockerconfig.ts';
import { entriesFor } from '../../shared/registry/dockerconfig-match.ts';
import type { Login } from '../../shared/registry/secret.ts';
import { askHelper } from './credential-helper.ts';

/** The login for a repository (`host/path`, normalised), or null to ask anonymously. */
export type Keychain = (repository: string) => Promise<Login | null>;

export const anonymous: Keychain = () => Promise.resolve(null);

/**
 * The files that docker, podman and skopeo keep logins in, in the order that they are asked: REGISTRY_AUTH_FILE stands
 * for all others, DOCKER_CONFIG goes before what has a fixed place (containers-auth.json(5)).
 */
function loginFiles(environment: NodeJS.ProcessEnv, home: string): { file: string; format: DockerConfigFormat }[] {
  const json = (...parts: string[]): { file: string; format: DockerConfigFormat } => ({
    file: path.join(...parts),
    format: 'dockerconfigjson',
  });
  const { REGISTRY_AUTH_FILE: only, DOCKER_CONFIG: docker, XDG_RUNTIME_DIR: runtime } = environment;
  if (only) return [json(only)];
  return [
    ...(docker ? [json(docker, 'config.json')] : []),
    ...(runtime ? [json(runtime, 'containers', 'auth.json')] : []),
    json(environment['XDG_CONFIG_HOME'] || path.join(home, '.config'), 'containers', 'auth.json'),
    ...(docker ? [] : [json(home, '.docker', 'config.json')]),
    { file: path.join(home, '.dockercfg'), format: 'dockercfg' },
  ];
}

/** The user's own logins. Files are read at the first question, and each repository is asked for once. */
export function localKeychain(environment: NodeJS.ProcessEnv, home: string): Keychain {
  let configs: Promise<DockerConfig[]> | undefined;
  const known = new Map<string, Promise<Login | null>>();
  const look = async (repository: string): Promise<Login | null> => {
    configs ??= Promise.all(loginFiles(environment, home).map(readLoginFile));
    for (const config of await configs) {
      const login = await loginIn(config, repository, environment);
      if (login !== null) return login;
    }
    return null;
  };
  return (repository) => {
    const login = known.get(repository) ?? look(repository);
    known.set(repository, login);
    return login;
  };
}

/** The logins of one configuration without its helper programs: what a node takes from a pull secret. */
export function keychainOf(config: DockerConfig): Keychain {
  return (repository) => Promise.resolve(entryLogin(config, repository));
}

async function readLoginFile({ file, format }: { file: string; format: DockerConfigFormat }): Promise<DockerConfig> {
  // A file that is missing or unreadable holds no login for us; the registry says whether one was needed.
  return readDockerConfig(await readFile(file, 'utf8').catch(() => ''), format);
}

async function loginIn(
  config: DockerConfig,
  repository: string,
  environment: NodeJS.ProcessEnv,
): Promise<Login | null> {
  const host = repository.split('/')[0] ?? '';
  const server = host === 'docker.io' ? 'https://index.docker.io/v1/' : host;
  const helper = config.helpers[host] ?? config.helpers[server];
  if (helper !== undefined) return askHelper(helper, server, environment);
  const login = entryLogin(config, repository);
  if (login !== null || config.store === null) return login;
  return askHelper(config.store, server, environment);
}

function entryLogin(config: DockerConfig, repository: string): Login | null {
  return entriesFor(config.entries, repository).find(({ login }) => login !== null)?.login ?? null;
}
