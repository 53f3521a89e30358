import assert from 'node:assert/strict';
import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { mediaTypes } from '../../image/oci.ts';
import { createAuthority, type Authority } from '../cluster/certificates.ts';
import { freePorts } from '../cluster/ports.ts';
import { startDistribution, type Registry } from '../cluster/registry/distribution.ts';
import { siteFolder } from '../cluster/registry/site-folder.ts';
import { account } from '../cluster/registry/token-service.ts';
import { releaseSlot, takeSlot } from '../cluster/state.ts';
import { run } from '../plugin/commands/run.ts';

/** A registry that images come from, one that they go to, and a folder with a policy that leads from one to the other. */
export interface TwoRegistries extends AsyncDisposable {
  readonly source: Registry;
  /** The mirror. */
  readonly inner: Registry;
  /** Signed both registries' certificates, where they have any. */
  readonly authority: Authority;
  /** What the registries are started in; for further programs. */
  readonly folder: string;
  /** A path in the folder, which is removed at the end. */
  inside(name: string): string;
  /** Writes a file of the folder, with the folders above it. */
  put(name: string, text: string): string;
  /** Locks images of the source, named without its host, into `lock.yaml`. */
  lock(images: readonly string[], ...args: readonly string[]): Promise<void>;
  /** Writes the lock in a format into a folder of that name, and gives what was warned of. */
  exported(to: string, ...args: readonly string[]): Promise<string[]>;
}

export interface TwoRegistriesOptions {
  /** Where in the mirror the images go. */
  readonly targetPath: string;
  /** Plain HTTP without a login when not given. */
  readonly secure?: true;
  /** The mirror takes an index without all of its images. */
  readonly sparse?: true;
  /** Of both registries; Debian's when not given. */
  readonly engine?: 'v3';
  /** Where the source listens; 127.0.0.1 when not given. */
  readonly sourceAddress?: '[::1]';
}

/**
 * Starts both on loopback, each with an empty store of its own. The folder has `policy.yaml`, and for programs that
 * have to be told: `ca.crt`, and `docker/config.json` with the logins.
 */
export async function startTwoRegistries({
  targetPath,
  secure,
  sparse,
  sourceAddress,
  engine,
}: TwoRegistriesOptions): Promise<TwoRegistries> {
  const slot = takeSlot();
  const authority = createAuthority('two registries');
  const [one = 0, two = 0] = await freePorts(2);
  const kind = {
    address: '127.0.0.1',
    ...(engine === undefined ? {} : { engine }),
    ...(secure ? { authority, authentication: 'basic' as const } : {}),
  };
  const source = await startDistribution(slot, {
    name: 'source',
    port: one,
    ...kind,
    ...(sourceAddress === undefined ? {} : { address: sourceAddress }),
  });
  const inner = await startDistribution(slot, {
    name: 'inner',
    port: two,
    ...kind,
    ...(sparse ? { engine: 'v3', sparse } : {}),
  });
  const site = siteFolder(authority.certificate, [source.host, inner.host], {
    mirrors: [{ sourcePrefix: source.host, targetPrefix: `${inner.host}/${targetPath}` }],
  });
  const { inside, put } = site;
  const plain = secure ? [] : [source.host, inner.host].flatMap((host) => ['--plain-http', host]);
  return {
    source,
    inner,
    authority,
    folder: site.path,
    inside,
    put,
    lock: async (images, ...args) => {
      const list = put('list.txt', images.map((image) => `${source.host}/${image}\n`).join(''));
      const files = ['--list', list, '--policy', inside('policy.yaml'), '--lock', inside('lock.yaml')];
      const locked = await run(['lock', ...files, ...args]);
      assert.equal(locked.code, 0, locked.err + locked.out);
    },
    exported: async (to, ...args) => {
      const line = ['export', '--to', to, '--lock', inside('lock.yaml'), '-o', inside(to), ...plain, ...args];
      const { code, err } = await run(line);
      assert.equal(code, 0, err);
      return err.split('\n').filter((line) => line.startsWith('warning: '));
    },
    [Symbol.asyncDispose]: async () => {
      await source.stop();
      await inner.stop();
      releaseSlot(slot);
      site.remove();
    },
  };
}

/** The digest that a registry of the tests has under `repository:tag` or `repository@digest`; null when it has none. */
export function digestIn(registry: Registry, name: string): Promise<string | null> {
  const [, repository = '', reference = ''] = /^([^:@]+)[:@](.+)$/.exec(name) ?? [];
  const url = new URL(`/v2/${repository}/manifests/${reference}`, registry.url);
  const options = {
    method: 'HEAD',
    auth: `${account.user}:${account.password}`,
    headers: { accept: [mediaTypes.index, mediaTypes.manifest].join(', ') },
    ...(registry.ca === null ? {} : { ca: registry.ca }),
  };
  return new Promise((resolve, reject) => {
    const outgoing = url.protocol === 'https:' ? httpsRequest(url, options) : httpRequest(url, options);
    outgoing.on('response', (answer) => {
      answer.resume();
      const digest = answer.headers['docker-content-digest'];
      resolve(typeof digest === 'string' ? digest : null);
    });
    outgoing.on('error', reject);
    outgoing.end();
  });
}
