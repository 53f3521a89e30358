import type { Fault, Outcome } from '../../shared/registry/fault.ts';
import { headBlob, openBlob, type BlobAnswer } from './blobs.ts';
import { fetchManifest, headManifest, type FetchedManifest, type ManifestHead } from './fetch-manifest.ts';
import type { Line, Repository } from './line.ts';
import type { Descriptor } from './manifest.ts';
import { addressOf, isLoopback, isNamed, reachOf, type NamedHost } from './named-hosts.ts';
import type { Keychain } from './keychain.ts';
import { logIn, ping, type Greeting } from './ping.ts';
import { follow } from './redirects.ts';
import { listReferrers } from './referrers.ts';
import { patiently, persist, type Persistence } from './retry.ts';
import { openSession } from './session.ts';
import { removeManifest } from './remove-manifest.ts';
import { listRepositories, listTags } from './tags.ts';
import { openWire, type Wire } from './wire.ts';

/** The distribution API as far as it is used: all reading, and one verb that removes. Every answer is a value, nothing throws. */
export interface Registries {
  /** Whether a registry answers at `/v2/`, and over which scheme; asked once a host. */
  ping(host: string): Promise<Outcome<Greeting>>;
  /** Whether the keychain's login for the host is accepted; a guarded registry without one is a fault. */
  logIn(host: string): Promise<Outcome<null>>;
  /** By tag or digest. What was asked for by digest has been verified to have it. */
  manifest(repository: Repository, reference: string): Promise<Outcome<FetchedManifest>>;
  /** Without the body; the digest is null where the registry does not name it. */
  manifestHead(repository: Repository, reference: string): Promise<Outcome<ManifestHead>>;
  tags(repository: Repository): Promise<Outcome<readonly string[]>>;
  /** The names of all repositories, where the registry tells them. */
  catalog(host: string): Promise<Outcome<readonly string[]>>;
  blobHead(repository: Repository, digest: string): Promise<Outcome<{ readonly size: number | null }>>;
  /** A stream from `start` to `end` (both included), to be read or destroyed by the caller. */
  blob(repository: Repository, digest: string, start?: number, end?: number): Promise<Outcome<BlobAnswer>>;
  /** By the referrers API, or by the fallback tag where the registry has none. */
  referrers(repository: Repository, digest: string): Promise<Outcome<Descriptor[]>>;
  /** Removes a manifest and every tag that names it. */
  remove(repository: Repository, digest: string): Promise<Outcome<'removed' | 'gone'>>;
  /** The same connections with other credentials. */
  as(keychain: Keychain): Registries;
  close(): void;
}

export interface RegistryOptions {
  /** The only hosts that are contacted. */
  readonly named: readonly NamedHost[];
  readonly keychain: Keychain;
  readonly wire?: Wire;
  readonly persistence?: Persistence;
  readonly signal: AbortSignal;
}

type Verb<Rest extends unknown[], T> = (line: Line, repository: Repository, ...rest: Rest) => Promise<Outcome<T>>;

/** Opens nothing yet: the first request to a host does. */
export function openRegistries(options: RegistryOptions): Registries {
  const wire = options.wire ?? openWire();
  const reach = reachOf(options.named);
  const { named, signal, persistence = patiently } = options;
  const greetings = new Map<string, Promise<Outcome<Greeting>>>();

  const greet = (host: string): Promise<Outcome<Greeting>> => {
    const known = greetings.get(host) ?? persist(persistence, signal, () => find(host));
    greetings.set(host, known);
    return known;
  };
  const anonymous = (base: URL): Line => ({
    base,
    patience: wire.patience,
    ask: (path, method, headers = {}) =>
      follow(wire, reach, base, { url: new URL(path, base), method, headers, role: 'registry', signal }),
  });
  const find = async (host: string): Promise<Outcome<Greeting>> => {
    if (!isNamed(host, named)) return { ok: false, fault: stranger(host) };
    const [secure, plain] = [addressOf(host, 'https'), addressOf(host, 'http')];
    if (
      isNamed(
        host,
        named.filter(({ plainHttp }) => plainHttp),
      )
    )
      return ping(anonymous(plain));
    const outcome = await ping(anonymous(secure));
    const retryPlain = !outcome.ok && outcome.fault.code === 'plain-http' && isLoopback(plain.hostname);
    return retryPlain ? ping(anonymous(plain)) : outcome;
  };

  const withKeychain = (keychain: Keychain): Registries => {
    const session = openSession(wire, reach, keychain);
    const lineTo = (base: URL, repository: string): Line => ({
      base,
      patience: wire.patience,
      ask: (path, method, headers = {}) => session({ url: new URL(path, base), method, headers, repository, signal }),
    });
    const to =
      <Rest extends unknown[], T>(verb: Verb<Rest, T>) =>
      async (repository: Repository, ...rest: Rest): Promise<Outcome<T>> => {
        const greeting = await greet(repository.host);
        if (!greeting.ok) return greeting;
        const line = lineTo(greeting.value.base, `${repository.host}/${repository.path}`);
        return persist(persistence, signal, () => verb(line, repository, ...rest));
      };
    const atHost =
      <T>(verb: (line: Line) => Promise<Outcome<T>>) =>
      async (host: string): Promise<Outcome<T>> => {
        const greeting = await greet(host);
        return greeting.ok ? persist(persistence, signal, () => verb(lineTo(greeting.value.base, host))) : greeting;
      };
    return {
      ping: greet,
      logIn: atHost(logIn),
      manifest: to(fetchManifest),
      manifestHead: to(headManifest),
      tags: to(listTags),
      catalog: atHost(listRepositories),
      remove: to(removeManifest),
      blobHead: to(headBlob),
      blob: to(openBlob),
      referrers: to(listReferrers),
      as: withKeychain,
      close: () => wire.close(),
    };
  };
  return withKeychain(options.keychain);
}

function stranger(host: string): Fault {
  const detail = `${host} is not one of the registries you named; not contacted`;
  return { code: 'host-not-named', host, role: 'registry', detail };
}
