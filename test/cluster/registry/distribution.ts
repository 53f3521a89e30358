import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Authority } from '../certificates.ts';
import { startProgram, waitFor, type Running } from '../processes.ts';
import type { Slot } from '../state.ts';
import { tool } from '../tools/build.ts';
import { debianFile } from '../tools/debian.ts';
import { isListening } from '../ports.ts';
import type { Image } from './image.ts';
import { push, removeManifest } from './push.ts';
import { account, type TokenService } from './token-service.ts';

export interface RegistryRequest {
  /** A name for logs and folders, unique in the cluster. */
  readonly name: string;
  readonly address: string;
  readonly port: number;
  /** The name that clients know it by; the address when not given. */
  readonly hostName?: string;
  /** Plain HTTP when not given. */
  readonly authority?: Authority;
  /** Anonymous when not given. */
  readonly authentication?: 'basic' | TokenService;
  /** Debian's `docker-registry` 2.8, or distribution v3, which is built first where it is missing. */
  readonly engine?: 'debian' | 'v3';
  /** Manifests can be deleted when not given; distribution's own default is that they cannot. */
  readonly deletes?: boolean;
  /** Takes an index without all of its images, which only v3 can be told to. */
  readonly sparse?: true;
}

/** A registry that runs. */
export interface Registry {
  /** As image references begin: `registry.example.com` or `127.0.0.1:40001`. */
  readonly host: string;
  /** Where it really listens. */
  readonly url: string;
  /** The PEM to trust it by; null for plain HTTP. */
  readonly ca: string | null;
  /** Pushes as one who may; `reference` is `repository:tag`. The reference with the host in front. */
  push(reference: string, image: Image): Promise<string>;
  /** Removes the manifest that a tag of `repository:tag` stands for, and so the tag. */
  remove(reference: string, image: Image): Promise<void>;
  stop(): Promise<void>;
}

/** `correct-horse` by bcrypt, the only scheme that the registry accepts. */
const passwordHash = '$2b$05$GGSVPXjwY4hSYs4mfscspuaa9sEte0QgSX6EMJjStgRj4/TKRm1tq';

/** Starts a registry with an empty store of its own. */
export async function startDistribution(slot: Slot, request: RegistryRequest): Promise<Registry> {
  const program = request.engine === 'v3' ? await tool('registry') : debianFile('docker-registry');
  const directory = path.join(slot.directory, request.name);
  mkdirSync(directory, { recursive: true });
  const file = path.join(directory, 'config.yml');
  writeFileSync(file, JSON.stringify(configuration(directory, request)));
  const running = startProgram(slot, { name: request.name, command: [program, 'serve', file] });
  await waitFor(
    `the registry ${request.name} listens`,
    () => isListening(request.port, request.address.replace(/^\[|\]$/g, '')),
    {
      programs: [running],
    },
  );
  return asRegistry(request, running);
}

function asRegistry(request: RegistryRequest, running: Running): Registry {
  const { address, port, authority, authentication, hostName = address } = request;
  const scheme = authority === undefined ? 'http' : 'https';
  const host = port === 443 && authority !== undefined ? hostName : `${hostName}:${port}`;
  const url = `${scheme}://${address}:${port}`;
  const basic = `Basic ${Buffer.from(`${account.user}:${account.password}`).toString('base64')}`;
  const authorization = (repository: string): string =>
    typeof authentication === 'object' ? `Bearer ${authentication.issue(repository, ['pull', 'push'])}` : basic;
  const target = {
    url,
    ...(authority === undefined ? {} : { ca: authority.certificate }),
    ...(authentication === undefined ? {} : { authorization }),
  };
  return {
    host,
    url,
    ca: authority?.certificate ?? null,
    push: async (reference, image) => {
      const colon = reference.lastIndexOf(':');
      await push(target, reference.slice(0, colon), reference.slice(colon + 1), image);
      return `${host}/${reference}`;
    },
    remove: (reference, image) => removeManifest(target, reference.slice(0, reference.lastIndexOf(':')), image),
    stop: () => running.stop(),
  };
}

function configuration(directory: string, request: RegistryRequest): Record<string, unknown> {
  const { address, port, authority, authentication, hostName = address } = request;
  return {
    version: '0.1',
    log: { level: 'info', accesslog: { disabled: false } },
    storage: {
      filesystem: { rootdirectory: path.join(directory, 'store') },
      delete: { enabled: request.deletes ?? true },
    },
    http: {
      addr: `${address}:${port}`,
      secret: 'of no matter',
      ...(authority === undefined ? {} : { tls: writeCertificate(directory, authority, [hostName, address]) }),
    },
    ...authSection(directory, authentication),
    ...(request.sparse ? { validation: { manifests: { indexes: { platforms: 'none' } } } } : {}),
  };
}

function writeCertificate(
  directory: string,
  authority: Authority,
  names: readonly string[],
): { certificate: string; key: string } {
  const issued = authority.issue({ commonName: names[0] ?? '', names: [...new Set(names)] });
  const [certificate, key] = [path.join(directory, 'tls.crt'), path.join(directory, 'tls.key')];
  writeFileSync(certificate, issued.certificate);
  writeFileSync(key, issued.key, { mode: 0o600 });
  return { certificate, key };
}

function authSection(directory: string, authentication: RegistryRequest['authentication']): Record<string, unknown> {
  if (authentication === undefined) return {};
  if (authentication === 'basic') {
    const file = path.join(directory, 'htpasswd');
    writeFileSync(file, `${account.user}:${passwordHash}\n`);
    return { auth: { htpasswd: { realm: 'registry', path: file } } };
  }
  const bundle = path.join(directory, 'token.crt');
  writeFileSync(bundle, authentication.rootCertificate);
  const { realm, service, issuer } = authentication;
  return { auth: { token: { realm, service, issuer, rootcertbundle: bundle } } };
}
