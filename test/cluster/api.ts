import { Agent, request } from 'node:https';
import type { Issued } from './certificates.ts';

/** A Kubernetes object as the tests write it down. */
export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string; readonly [key: string]: unknown };
  readonly [key: string]: unknown;
}

/** A bare client of the API server, as administrator. Paths are the API's own, such as `/api/v1/pods`. */
export interface Api {
  /** Any answer is fine; only a broken connection throws. */
  raw(method: string, path: string, body?: unknown, type?: string): Promise<{ status: number; text: string }>;
  /** The parsed body; throws on a status of 400 and above, with the server's message. */
  get<T>(path: string): Promise<T>;
  delete(path: string): Promise<void>;
  /** Creates or replaces objects by server-side apply. */
  apply(...manifests: readonly Manifest[]): Promise<void>;
  close(): void;
}

/** Connects to `server` with the given CA and client certificate, all PEM. */
export function connect(server: string, ca: string, client: Issued): Api {
  const agent = new Agent({ keepAlive: true, maxSockets: 16, ca, cert: client.certificate, key: client.key });
  const raw: Api['raw'] = (method, path, body, type = 'application/json') =>
    new Promise((resolve, reject) => {
      const outgoing = request(
        new URL(path, server),
        { method, agent, headers: { 'content-type': type } },
        (incoming) => {
          const chunks: Buffer[] = [];
          incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
          incoming.on('end', () =>
            resolve({ status: incoming.statusCode ?? 0, text: Buffer.concat(chunks).toString() }),
          );
          incoming.on('error', reject);
        },
      );
      outgoing.on('error', reject);
      outgoing.end(body === undefined ? undefined : JSON.stringify(body));
    });
  const checked = async (method: string, path: string, body?: unknown, type?: string): Promise<string> => {
    const { status, text } = await raw(method, path, body, type);
    if (status >= 400) throw new Error(`${method} ${path}: ${status} ${text}`);
    return text;
  };
  const applyOne = async (manifest: Manifest): Promise<void> => {
    const path = `${collectionPath(manifest)}/${manifest.metadata.name}?fieldManager=test&force=true`;
    await checked('PATCH', path, manifest, 'application/apply-patch+yaml');
  };
  return {
    raw,
    get: async <T>(path: string) => JSON.parse(await checked('GET', path)) as T,
    delete: async (path) => void (await checked('DELETE', path)),
    apply: async (...manifests) => {
      for (const manifest of manifests) await applyOne(manifest);
    },
    close: () => agent.destroy(),
  };
}

const clusterScoped = new Set([
  'Namespace',
  'Node',
  'ClusterRole',
  'ClusterRoleBinding',
  'CustomResourceDefinition',
  'MutatingWebhookConfiguration',
  'ValidatingWebhookConfiguration',
  'MutatingAdmissionPolicy',
  'MutatingAdmissionPolicyBinding',
  'ValidatingAdmissionPolicy',
  'ValidatingAdmissionPolicyBinding',
  'APIService',
  'PriorityClass',
  'RuntimeClass',
  'CertificateSigningRequest',
  'AirgapPolicy',
]);

/** The API path of the collection that an object belongs to; without a namespace it is `default`. */
export function collectionPath({ apiVersion, kind, metadata }: Manifest): string {
  const root = apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
  const namespace = clusterScoped.has(kind) ? '' : `/namespaces/${metadata.namespace ?? 'default'}`;
  return `${root}${namespace}/${plural(kind)}`;
}

function plural(kind: string): string {
  const name = kind.toLowerCase();
  if (name === 'endpoints') return name;
  if (name.endsWith('y')) return `${name.slice(0, -1)}ies`;
  return name.endsWith('s') ? `${name}es` : `${name}s`;
}
