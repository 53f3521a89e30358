import { readFileSync } from 'node:fs';
import type { Agent } from 'node:https';
import { AirgapError, messageOf } from '../../shared/errors.ts';
import { record, text, texts, type Json } from '../../shared/kube/json.ts';
import type { Target } from './target.ts';

/** What a request carries to say who asks, and what the TLS connection is made with. */
export interface Credentials {
  readonly headers: Readonly<Record<string, string | string[]>>;
  readonly ca?: string;
  readonly certificate?: string;
  readonly key?: string;
  readonly certificateSource?: string;
  /** An agent that goes through the proxy; undefined where the connection is direct. */
  readonly proxyAgent?: Agent;
}

/**
 * Certificates, tokens and passwords are read here; exec plugins, the old auth-provider entries and proxies are left to
 * the Kubernetes client, which is only loaded for them because loading it takes longer than listing most clusters.
 */
export async function readCredentials(target: Target, proxyUrl: string | undefined): Promise<Credentials> {
  const { cluster, user } = target;
  const ca = pem(cluster, 'certificate-authority');
  const certificate = pem(user, 'client-certificate');
  const key = pem(user, 'client-key');
  const own: Credentials = {
    headers: { ...authorization(user), ...impersonation(user) },
    ...(ca === undefined ? {} : { ca }),
    ...(certificate === undefined ? {} : { certificate, certificateSource: sourceOf(target) }),
    ...(key === undefined ? {} : { key }),
  };
  const plugin = own.headers['authorization'] === undefined && ('exec' in user || 'auth-provider' in user);
  return plugin || proxyUrl !== undefined ? withClient(target, own, proxyUrl) : own;
}

function pem(entry: Json, field: string): string | undefined {
  const data = text(entry[`${field}-data`]);
  if (data !== undefined) return Buffer.from(data, 'base64').toString('utf8');
  const file = text(entry[field]);
  return file === undefined ? undefined : readNamed(file, field);
}

function readNamed(file: string, what: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new AirgapError(
      'input',
      `The kubeconfig's ${what} ${file} cannot be read: ${messageOf(error)}.`,
      'Correct the path in the kubeconfig, or pass the flag of the same name.',
      error,
    );
  }
}

function sourceOf(target: Target): string {
  return 'client-certificate-data' in target.user
    ? target.userSource
    : (text(target.user['client-certificate']) ?? target.userSource);
}

function authorization(user: Json): Record<string, string> {
  const file = text(user['tokenFile']);
  const token = file === undefined ? text(user['token']) : readNamed(file, 'tokenFile').trim();
  if (token !== undefined) return { authorization: `Bearer ${token}` };
  const name = text(user['username']);
  if (name === undefined) return {};
  return { authorization: `Basic ${Buffer.from(`${name}:${text(user['password']) ?? ''}`).toString('base64')}` };
}

function impersonation(user: Json): Record<string, string | string[]> {
  const as = text(user['as']);
  const groups = texts(user['as-groups']);
  const uid = text(user['as-uid']);
  const extra = Object.entries(record(user['as-user-extra'])).map(
    ([key, values]) => [`impersonate-extra-${encodeURIComponent(key)}`, texts(values)] as const,
  );
  return {
    ...(as === undefined ? {} : { 'impersonate-user': as }),
    ...(groups.length === 0 ? {} : { 'impersonate-group': groups }),
    ...(uid === undefined ? {} : { 'impersonate-uid': uid }),
    ...Object.fromEntries(extra),
  };
}

async function withClient(target: Target, own: Credentials, proxyUrl: string | undefined): Promise<Credentials> {
  const { KubeConfig } = await import('./client-config.ts');
  const { cluster, user } = target;
  const skipTLSVerify = cluster['insecure-skip-tls-verify'] === true || target.server.startsWith('http:');
  const tlsServerName = text(cluster['tls-server-name']);
  const config = new KubeConfig();
  config.loadFromOptions({
    clusters: [
      {
        name: 'c',
        server: target.server,
        skipTLSVerify,
        ...(own.ca === undefined ? {} : { caData: base64(own.ca) }),
        ...(tlsServerName === undefined ? {} : { tlsServerName }),
        ...(proxyUrl === undefined ? {} : { proxyUrl }),
      },
    ],
    users: [
      {
        name: 'u',
        ...(own.certificate === undefined ? {} : { certData: base64(own.certificate) }),
        ...(own.key === undefined ? {} : { keyData: base64(own.key) }),
        ...(own.headers['authorization'] === undefined && 'exec' in user ? { exec: execEntry(target) } : {}),
        ...(own.headers['authorization'] === undefined && 'auth-provider' in user
          ? { authProvider: user['auth-provider'] }
          : {}),
      },
    ],
    contexts: [{ name: 'x', cluster: 'c', user: 'u' }],
    currentContext: 'x',
  });
  const made: { headers?: Record<string, string>; cert?: Buffer | string; key?: Buffer | string; agent?: unknown } = {};
  try {
    await config.applyToHTTPSOptions(made as Parameters<typeof config.applyToHTTPSOptions>[0]);
  } catch (error) {
    throw pluginError(target, error);
  }
  // The client makes an agent that opens a new tunnel for every request, which is for every page of a list.
  const agent = made.agent as (Agent & { keepAlive?: boolean }) | undefined;
  if (agent !== undefined) agent.keepAlive = true;
  const token = made.headers?.['Authorization'];
  return {
    ...own,
    headers: { ...own.headers, ...(token === undefined ? {} : { authorization: token }) },
    ...(made.cert === undefined || own.certificate !== undefined
      ? {}
      : { certificate: String(made.cert), certificateSource: target.userSource }),
    ...(made.key === undefined || own.key !== undefined ? {} : { key: String(made.key) }),
    ...(proxyUrl === undefined || agent === undefined ? {} : { proxyAgent: agent }),
  };
}

function base64(pem: string): string {
  return Buffer.from(pem).toString('base64');
}

/** The client starts the plugin but does not tell it what for; plugins that follow the specification refuse that. */
function execEntry({ server, cluster, user }: Target): Json {
  const exec = record(user['exec']);
  const info = {
    apiVersion: text(exec['apiVersion']) ?? 'client.authentication.k8s.io/v1',
    kind: 'ExecCredential',
    spec: {
      interactive: false,
      ...(exec['provideClusterInfo'] === true ? { cluster: { server, ...clusterInfo(cluster) } } : {}),
    },
  };
  const env = Array.isArray(exec['env']) ? (exec['env'] as unknown[]) : [];
  return { ...exec, env: [...env, { name: 'KUBERNETES_EXEC_INFO', value: JSON.stringify(info) }] };
}

function clusterInfo(cluster: Json): Json {
  const ca = pem(cluster, 'certificate-authority');
  return {
    ...(ca === undefined ? {} : { 'certificate-authority-data': base64(ca) }),
    ...('tls-server-name' in cluster ? { 'tls-server-name': cluster['tls-server-name'] } : {}),
    ...('insecure-skip-tls-verify' in cluster
      ? { 'insecure-skip-tls-verify': cluster['insecure-skip-tls-verify'] }
      : {}),
  };
}

function pluginError({ user, userSource }: Target, error: unknown): AirgapError {
  const exec = record(user['exec']);
  const command = text(exec['command']);
  if (command === undefined)
    return new AirgapError(
      'unreachable',
      `The credentials of ${userSource} could not be had: ${messageOf(error)}.`,
      'Log in again with the tool that wrote the kubeconfig.',
      error,
    );
  const notFound = error instanceof Error && 'code' in error && error.code === 'ENOENT';
  return new AirgapError(
    'unreachable',
    notFound
      ? `The credential plugin ${command} of ${userSource} is not installed.`
      : `The credential plugin ${command} of ${userSource} failed: ${messageOf(error).trim().slice(0, 500)}`,
    text(exec['installHint'])?.trim().slice(0, 500) ??
      (notFound
        ? 'Install it, or add the folder that holds it to the PATH.'
        : `Run it by hand to see why: ${[command, ...texts(exec['args'])].join(' ')}`),
    error,
  );
}
