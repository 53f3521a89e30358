import { existsSync, readFileSync } from 'node:fs';
import { AirgapError } from '../../shared/errors.ts';
import { record, text, type Json } from '../../shared/kube/json.ts';
import { readKubeconfig, type Kubeconfig } from './kubeconfig.ts';

/** kubectl's connection flags; a flag that was not given is undefined. */
export interface ConnectionFlags {
  readonly kubeconfig?: string | undefined;
  readonly context?: string | undefined;
  readonly cluster?: string | undefined;
  readonly user?: string | undefined;
  readonly server?: string | undefined;
  readonly token?: string | undefined;
  readonly certificateAuthority?: string | undefined;
  readonly clientCertificate?: string | undefined;
  readonly clientKey?: string | undefined;
  readonly insecureSkipTlsVerify?: boolean | undefined;
  readonly tlsServerName?: string | undefined;
  readonly as?: string | undefined;
  readonly asGroup?: readonly string[] | undefined;
  readonly asUid?: string | undefined;
  /** `30s`, `1m`, or a number of seconds; `0` waits for ever. */
  readonly requestTimeout?: string | undefined;
}

/** The one cluster and the one user that the kubeconfig and the flags come down to, as kubeconfig entries. */
export interface Target {
  readonly context: string;
  readonly namespace: string;
  readonly server: string;
  readonly cluster: Json;
  readonly user: Json;
  /** Where the user's entry stands: `user "admin" in /home/me/.kube/config`, or a flag. */
  readonly userSource: string;
}

type Environment = Readonly<Record<string, string | undefined>>;

const serviceAccount = '/var/run/secrets/kubernetes.io/serviceaccount';

/**
 * Resolves context, cluster and user as kubectl does, flags before files. Throws `usage` or `input` errors only;
 * `instead` says how to do without a cluster, for a command that can.
 */
export function resolveTarget(flags: ConnectionFlags, environment: Environment, instead = ''): Target {
  const config = readKubeconfig(flags.kubeconfig, environment);
  if (config === undefined && flags.server === undefined) {
    const inside = inCluster(environment);
    if (inside !== undefined) return override(inside, flags);
    throw new AirgapError(
      'usage',
      'There is no kubeconfig, so no cluster to look at.',
      `Set KUBECONFIG or pass --kubeconfig FILE${instead}.`,
    );
  }
  return override(config === undefined ? empty : fromConfig(config, flags), flags);
}

const empty: Target = { context: '', namespace: 'default', server: '', cluster: {}, user: {}, userSource: 'flags' };

function fromConfig(config: Kubeconfig, flags: ConnectionFlags): Target {
  const name = flags.context ?? config.currentContext;
  const context = config.contexts.get(name);
  if (context === undefined && (flags.context !== undefined || (name === '' && flags.server === undefined)))
    throw new AirgapError(
      'usage',
      flags.context === undefined
        ? `No context is chosen in ${config.files.join(', ')}.`
        : `There is no context "${flags.context}" in ${config.files.join(', ')}.`,
      config.contexts.size === 0 ? 'The file holds no contexts.' : `Pass one of: ${quoted(config.contexts.keys())}.`,
    );
  if (context === undefined && name !== '')
    throw new AirgapError(
      'input',
      `The current context "${name}" is not in ${config.files.join(', ')}.`,
      `Choose another one with: kubectl config use-context NAME (there are ${quoted(config.contexts.keys())}).`,
    );
  const body = context?.body ?? {};
  const clusterName = flags.cluster ?? text(body['cluster']);
  const userName = flags.user ?? text(body['user']);
  const cluster = clusterName === undefined ? undefined : config.clusters.get(clusterName);
  const user = userName === undefined ? undefined : config.users.get(userName);
  if (clusterName !== undefined && cluster === undefined) throw missing('cluster', clusterName, config);
  if (userName !== undefined && userName !== '' && user === undefined) throw missing('user', userName, config);
  return {
    context: name,
    namespace: text(body['namespace']) ?? 'default',
    server: text(cluster?.body['server']) ?? '',
    cluster: cluster?.body ?? {},
    user: user?.body ?? {},
    userSource: user === undefined ? 'flags' : `user "${userName}" in ${user.file}`,
  };
}

function missing(what: 'cluster' | 'user', name: string, config: Kubeconfig): AirgapError {
  const known = what === 'cluster' ? config.clusters : config.users;
  return new AirgapError(
    'input',
    `There is no ${what} "${name}" in ${config.files.join(', ')}.`,
    known.size === 0 ? `The file holds no ${what}s.` : `It holds: ${quoted(known.keys())}.`,
  );
}

function quoted(names: Iterable<string>): string {
  return [...names].map((name) => `"${name}"`).join(', ');
}

function inCluster(environment: Environment): Target | undefined {
  const host = environment['KUBERNETES_SERVICE_HOST'];
  if (host === undefined || host === '' || !existsSync(`${serviceAccount}/token`)) return undefined;
  const namespace = existsSync(`${serviceAccount}/namespace`)
    ? readFileSync(`${serviceAccount}/namespace`, 'utf8').trim()
    : 'default';
  return {
    context: 'in-cluster',
    namespace,
    server: `https://${host.includes(':') ? `[${host}]` : host}:${environment['KUBERNETES_SERVICE_PORT'] ?? '443'}`,
    cluster: { 'certificate-authority': `${serviceAccount}/ca.crt` },
    user: { tokenFile: `${serviceAccount}/token` },
    userSource: 'the pod’s service account',
  };
}

/** Flags replace what the kubeconfig says of the same thing, and what would contradict them. */
function override(target: Target, flags: ConnectionFlags): Target {
  const cluster: Record<string, unknown> = { ...target.cluster };
  const user: Record<string, unknown> = { ...target.user };
  if (flags.certificateAuthority !== undefined) {
    cluster['certificate-authority'] = flags.certificateAuthority;
    delete cluster['certificate-authority-data'];
    delete cluster['insecure-skip-tls-verify'];
  }
  if (flags.insecureSkipTlsVerify === true) {
    delete cluster['certificate-authority'];
    delete cluster['certificate-authority-data'];
    cluster['insecure-skip-tls-verify'] = true;
  }
  if (flags.tlsServerName !== undefined) cluster['tls-server-name'] = flags.tlsServerName;
  if (flags.token !== undefined) {
    for (const field of ['tokenFile', 'exec', 'auth-provider', 'username', 'password']) delete user[field];
    user['token'] = flags.token;
  }
  for (const [field, value] of [
    ['client-certificate', flags.clientCertificate],
    ['client-key', flags.clientKey],
  ] as const) {
    if (value === undefined) continue;
    user[field] = value;
    delete user[`${field}-data`];
  }
  if (flags.as !== undefined) user['as'] = flags.as;
  if (flags.asGroup !== undefined && flags.asGroup.length > 0) user['as-groups'] = flags.asGroup;
  if (flags.asUid !== undefined) user['as-uid'] = flags.asUid;
  const server = flags.server ?? target.server;
  if (server === '')
    throw new AirgapError(
      'usage',
      'The kubeconfig names no server.',
      'Pass --context NAME or --server https://HOST:PORT.',
    );
  return { ...target, server: server.includes('://') ? server : `http://${server}`, cluster, user: record(user) };
}
