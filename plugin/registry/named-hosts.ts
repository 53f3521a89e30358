import { isIPv4 } from 'node:net';
import { AirgapError } from '../../shared/errors.ts';

/** A registry that the user's policy or flags name. Only these are ever connected to. */
export interface NamedHost {
  /** As it stands in a reference: `registry.example`, `registry.example:5000`, `[::1]:5000`. */
  readonly host: string;
  /** The user wrote `http://`: credentials may travel in the clear to this host, and no other. */
  readonly plainHttp: boolean;
}

/** Reads `HOST[:PORT]`, with `http://` or `https://` before it and a path after it, as `--registry` and policies give it. */
export function parseNamedHost(written: string): NamedHost {
  const address = /^(https?:\/\/)?([^/\s@?#]+)(?:\/[^\s]*)?$/i.exec(written.trim());
  const host = address?.[2]?.toLowerCase() ?? '';
  if (host === '' || !URL.canParse(`https://${host}`))
    throw new AirgapError(
      'usage',
      `${JSON.stringify(written)} is not the address of a registry`,
      'write it as in an image name, for example registry.example:5000, with http:// before it where it speaks plain HTTP',
    );
  return { host: host === 'index.docker.io' ? 'docker.io' : host, plainHttp: /^http:/i.test(address?.[1] ?? '') };
}

/** Where a registry's host is really served: Docker Hub's images live behind another name than the one in references. */
export function addressOf(host: string, scheme: 'http' | 'https'): URL {
  return new URL(`${scheme}://${host === 'docker.io' ? 'registry-1.docker.io' : host}`);
}

/** This machine: `localhost`, its subdomains, 127.0.0.0/8 and ::1. Docker and containerd speak plain HTTP to it too. */
export function isLoopback(hostname: string): boolean {
  const name = hostname.toLowerCase();
  return (
    name === 'localhost' || name.endsWith('.localhost') || name === '[::1]' || (isIPv4(name) && name.startsWith('127.'))
  );
}

/**
 * Who may be contacted and how. A token service or a blob store counts when it is on the registry's own host, whatever
 * the port, or was named as well.
 */
export interface Reach {
  readonly named: readonly NamedHost[];
  mayContact(url: URL, registry: URL): boolean;
  /** Whether this address may be spoken to without TLS. */
  mayBePlain(url: URL, registry: URL): boolean;
}

/** Whether a reference's host is one that the user named, on the port that was named or on any where none was. */
export function isNamed(host: string, named: readonly NamedHost[]): boolean {
  return named.some((known) => known.host === host || known.host === host.replace(/:\d+$/, ''));
}

export function reachOf(named: readonly NamedHost[]): Reach {
  const addresses = named.map(({ host, plainHttp }) => ({ url: addressOf(host, 'https'), plainHttp }));
  // A port that was named stands for that port only; a bare name stands for the host.
  const names = (url: URL, address: URL): boolean =>
    url.hostname === address.hostname && (address.port === '' || (url.port || defaultPort(url)) === address.port);
  return {
    named,
    mayContact: (url, registry) =>
      url.hostname === registry.hostname || addresses.some((known) => names(url, known.url)),
    mayBePlain: (url, registry) =>
      isLoopback(url.hostname) ||
      (url.hostname === registry.hostname && registry.protocol === 'http:') ||
      addresses.some((known) => known.plainHttp && names(url, known.url)),
  };
}

function defaultPort(url: URL): string {
  return url.protocol === 'http:' ? '80' : '443';
}
