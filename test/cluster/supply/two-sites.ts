import assert from 'node:assert/strict';
import path from 'node:path';
import process from 'node:process';
import { run } from '../../plugin/commands/run.ts';
import type { Manifest } from '../api.ts';
import type { NodeCluster } from '../cluster-with-node.ts';
import { startDistribution, type Registry, type RegistryRequest } from '../registry/distribution.ts';
import { siteFolder, type SiteFolder } from '../registry/site-folder.ts';
import { startTokenService } from '../registry/token-service.ts';
import { tool } from '../tools/build.ts';

type Ran = Awaited<ReturnType<typeof run>>;

/** A registry outside the gap, which is out of reach while it is stopped. */
export interface Outside {
  readonly host: string;
  registry(): Registry;
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** Both sides of a gap: where images come from, and the registry that a cluster pulls from. */
export interface Sites extends AsyncDisposable {
  /** Debian's distribution 2.8 with TLS and a login. */
  readonly upstream: Outside;
  /** Distribution 3 over plain HTTP. */
  readonly vendor: Outside;
  /** Distribution 3 with TLS and tokens; the node and the `login` secret of the namespace know it. */
  readonly inner: Registry;
  /** A path in a folder with `policy.yaml`, which is removed at the end. */
  readonly inside: SiteFolder['inside'];
  readonly put: SiteFolder['put'];
  readonly airgap: Airgap;
  /** Packs `outside` into small volumes in the folder `to`. */
  pack(to: string, ...flags: readonly string[]): Promise<void>;
  /** Two Deployments of one replica each. */
  workloads(images: Readonly<Record<string, string>>): Manifest[];
  /** What a pod with this image would get, by a dry run. */
  rewritten(image: string): Promise<string>;
}

/** Runs a command line, which must end with 0, or with the code that is said. */
export interface Airgap {
  (...line: readonly string[]): Promise<Ran>;
  ends(code: number, ...line: readonly string[]): Promise<Ran>;
}

export async function startSites(cluster: NodeCluster): Promise<Sites> {
  const { slot, hostAddress: address } = cluster.place;
  const { authority } = cluster.registries;
  const serving = authority.issue({ commonName: address, names: [address] });
  const tokens = await startTokenService(address, address, 5005, serving);
  const upstream = await outside({ name: 'upstream', address, port: 5001, authority, authentication: 'basic' });
  const vendor = await outside({ name: 'vendor', address, port: 5002, engine: 'v3' });
  const inner = await startDistribution(slot, {
    name: 'inner',
    address,
    port: 5003,
    engine: 'v3',
    authority,
    authentication: tokens,
  });

  async function outside(request: RegistryRequest): Promise<Outside> {
    let registry = await startDistribution(slot, request);
    return {
      host: registry.host,
      registry: () => registry,
      start: async () => {
        registry = await startDistribution(slot, request);
      },
      stop: () => registry.stop(),
    };
  }

  const site = siteFolder(authority.certificate, [upstream.host, inner.host], {
    mode: 'Enforce',
    mirrors: [
      { sourcePrefix: upstream.host, targetPrefix: `${inner.host}/up` },
      { sourcePrefix: vendor.host, targetPrefix: `${inner.host}/vendor` },
    ],
  });
  const { inside, put } = site;
  const { DOCKER_CONFIG: configBefore, PATH: pathBefore } = process.env;
  process.env['DOCKER_CONFIG'] = inside('docker');
  process.env['PATH'] = `${path.dirname(await tool('regctl'))}:${pathBefore}`;
  await cluster.api.apply({
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: 'login' },
    type: 'kubernetes.io/dockerconfigjson',
    stringData: { '.dockerconfigjson': site.logins },
  });
  cluster.trust(inner.host, { ca: authority.certificate });
  cluster.trust(`${address}:5005`, { ca: authority.certificate });

  const hosts = ['--registry', `http://${vendor.host},${address}:5005`, '--registry-ca', inside('ca.crt')];
  const asks = ([name, what]: readonly string[]): boolean =>
    ['lock', 'verify'].includes(name ?? '') || (name === 'mirror' && ['run', 'load', 'prune'].includes(what ?? ''));
  const ends = async (code: number, ...line: readonly string[]): Promise<Ran> => {
    const ran = await run([...line, ...(asks(line) ? hosts : [])]);
    assert.equal(ran.code, code, `${line.join(' ')}\n${ran.out}${ran.err}`);
    return ran;
  };
  const airgap: Airgap = Object.assign((...line: readonly string[]) => ends(0, ...line), { ends });
  return {
    upstream,
    vendor,
    inner,
    inside,
    put,
    airgap,
    pack: async (to, ...flags) => {
      const ways = ['--from', `dir:${inside('outside')}`, '--to', `dir:${inside(to)}`];
      await airgap('mirror', 'pack', ...ways, '--volume-size', '700KB', ...flags);
    },
    workloads: (images) => Object.entries(images).map(([name, image]) => deployment(name, image)),
    rewritten: async (image) => {
      const { kind, apiVersion, spec } = podOf('dry', image);
      const answer = await cluster.kubectl(
        ['create', '--dry-run=server', '-f', '-', '-o', 'jsonpath={.spec.containers[0].image}'],
        JSON.stringify({ apiVersion, kind, metadata: { name: 'dry' }, spec }),
      );
      return answer;
    },
    [Symbol.asyncDispose]: async () => {
      process.env['PATH'] = pathBefore;
      if (configBefore === undefined) delete process.env['DOCKER_CONFIG'];
      else process.env['DOCKER_CONFIG'] = configBefore;
      for (const registry of [upstream, vendor, inner]) await registry.stop();
      await tokens.close();
      site.remove();
    },
  };
}

function podOf(name: string, image: string) {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { labels: { app: name } },
    spec: {
      terminationGracePeriodSeconds: 0,
      automountServiceAccountToken: false,
      imagePullSecrets: [{ name: 'login' }],
      containers: [{ name: 'main', image }],
    },
  };
}

function deployment(name: string, image: string): Manifest {
  const { metadata, spec } = podOf(name, image);
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name },
    spec: { replicas: 1, selector: { matchLabels: { app: name } }, template: { metadata, spec } },
  };
}
