import { spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import { readFileSync } from 'node:fs';
import { name } from '../../../plugin/install/naming.ts';
import { installObjects } from '../../../plugin/install/objects.ts';
import type { Manifest } from '../api.ts';
import type { ControlPlaneCluster } from '../cluster.ts';
import { freePorts } from '../ports.ts';

const root = path.resolve(import.meta.dirname, '../../..');
export const namespace = 'airgap-system';

export interface Replica extends AsyncDisposable {
  readonly port: number;
  readonly log: Record<string, unknown>[];
  readonly logged: (text: string) => Promise<void>;
}

/** Applies what `install` applies; a control plane without a node reaches the webhook by URL instead of the Service. */
export async function install(cluster: ControlPlaneCluster, port: number): Promise<void> {
  const crd = parse(readFileSync(path.join(root, 'manifests/base/crd.yaml'), 'utf8')) as Manifest;
  const objects = installObjects({ image: 'registry.local/airgap-webhook:1', namespace, pullSecrets: [] });
  await cluster.api.apply(crd, ...objects.map((object) => byUrl(object, port)));
}

function byUrl(object: Manifest, port: number): Manifest {
  if (!object.kind.endsWith('WebhookConfiguration')) return object;
  const text = JSON.stringify(object).replaceAll(
    /"clientConfig":\{"service":\{[^}]*"path":"([^"]+)"[^}]*\}\}/g,
    (_, at: string) => `"clientConfig":{"url":"https://127.0.0.1:${port}${at}"}`,
  );
  return JSON.parse(text) as Manifest;
}

/** Runs the program as its pod would: with the service account's own token, so with its rights and no others. */
export async function startReplica(cluster: ControlPlaneCluster, identity: string, port?: number): Promise<Replica> {
  const account = path.join(cluster.directory, `account-${identity}`);
  mkdirSync(account, { recursive: true });
  const token = await cluster.kubectl(['create', 'token', name, '-n', namespace, '--duration', '2h']);
  writeFileSync(path.join(account, 'token'), token);
  writeFileSync(path.join(account, 'ca.crt'), cluster.ca);
  writeFileSync(path.join(account, 'namespace'), namespace);
  const { hostname, port: apiPort } = new URL(cluster.server);
  const chosen = port ?? (await freePorts(1))[0] ?? 0;
  const flags = [
    '--port',
    String(chosen),
    '--host',
    '127.0.0.1',
    '--service-account',
    account,
    '--tls-name',
    '127.0.0.1',
  ];
  const child = spawn(process.execPath, [path.join(root, 'webhook/main.ts'), ...flags], {
    env: { ...process.env, KUBERNETES_SERVICE_HOST: hostname, KUBERNETES_SERVICE_PORT: apiPort, HOSTNAME: identity },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const kill = (): boolean => child.kill('SIGKILL');
  process.once('exit', kill);
  const log: Record<string, unknown>[] = [];
  let rest = '';
  child.stdout.on('data', (chunk: Buffer) => {
    const lines = (rest + chunk.toString()).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) log.push(JSON.parse(line) as Record<string, unknown>);
  });
  const logged = async (text: string): Promise<void> => {
    await until(`"${text}" in the log of ${identity}`, () =>
      Promise.resolve(log.some((line) => JSON.stringify(line).includes(text))),
    );
  };
  return {
    port: chosen,
    log,
    logged,
    [Symbol.asyncDispose]: async () => {
      kill();
      process.removeListener('exit', kill);
      if (child.exitCode === null && child.signalCode === null)
        await new Promise((resolve) => child.once('exit', resolve));
    },
  };
}

/** Waits until something holds; throws after half a minute. */
export async function until(what: string, holds: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 30_000;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error(`waited in vain for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
