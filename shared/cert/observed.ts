import { number, text, texts, type Json } from '../kube/json.ts';
import { readBundle, type Bundle } from './bundle.ts';

/** What the user's kubeconfig trusts and shows: certificates only, never a key or a token. */
export interface Kubeconfig {
  readonly context: string;
  readonly server: string;
  /** Null where the kubeconfig names no CA. */
  readonly ca: Bundle | null;
  /** Null where the user logs in by other means. */
  readonly clientCertificate: Bundle | null;
  /** Where the client certificate is written. */
  readonly source: string;
  readonly insecure: boolean;
}

export function readKubeconfig(raw: Json): Kubeconfig {
  const ca = text(raw['ca']);
  const client = text(raw['clientCertificate']);
  return {
    context: text(raw['context']) ?? '',
    server: text(raw['server']) ?? '',
    ca: ca === undefined ? null : readBundle(ca),
    clientCertificate: client === undefined ? null : readBundle(client),
    source: text(raw['source']) ?? '',
    insecure: raw['insecure'] === true,
  };
}

/** What a server of the cluster showed in a TLS handshake. */
export interface TlsEndpoint {
  /** `api-server`: as the kubeconfig reaches it; `api-server-address`: one of those behind it; `kubelet`. */
  readonly role: 'api-server' | 'api-server-address' | 'kubelet';
  readonly host: string;
  readonly port: number;
  /** The node that a kubelet belongs to, else empty. */
  readonly node: string;
  /** The name that the client looks for in the certificate. */
  readonly serverName: string;
  /** Leaf first; empty where no handshake came about. */
  readonly chain: Bundle;
  /** Why not, one clause; empty where it did. */
  readonly error: string;
  /** How far its clock is ahead of the one here, in milliseconds; negative where it is behind. */
  readonly clockAhead?: number;
}

const roles = ['api-server', 'api-server-address', 'kubelet'] as const;

export function readTlsEndpoint(raw: Json): TlsEndpoint | undefined {
  const role = roles.find((known) => known === raw['role']);
  if (role === undefined) return undefined;
  const clockAhead = number(raw['clockAhead']);
  return {
    role,
    host: text(raw['host']) ?? '',
    port: number(raw['port']) ?? 443,
    node: text(raw['node']) ?? '',
    serverName: text(raw['serverName']) ?? '',
    chain: readBundle(texts(raw['chain']).join('\n')),
    error: text(raw['error']) ?? '',
    ...(clockAhead === undefined ? {} : { clockAhead }),
  };
}

/** A file of `--pki-dir`: its certificates, or those in a kubeconfig. */
export interface PkiFile {
  /** Relative to the directory, with `/`. */
  readonly path: string;
  /** As the user can open it. */
  readonly file: string;
  /** Null where the file could not be read. */
  readonly bundle: Bundle | null;
  /** Of a kubeconfig, the CA that it trusts. */
  readonly ca: Bundle | null;
  readonly error: string;
}

export function readPkiFile(raw: Json): PkiFile {
  const pem = raw['pem'];
  const ca = text(raw['ca']);
  return {
    path: text(raw['path']) ?? '',
    file: text(raw['file']) ?? '',
    bundle: typeof pem === 'string' ? readBundle(pem) : null,
    ca: ca === undefined ? null : readBundle(ca),
    error: text(raw['error']) ?? '',
  };
}
