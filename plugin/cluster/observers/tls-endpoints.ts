import type { Node } from '../../../shared/kube/node.ts';
import type { Connection } from '../connection.ts';
import type { Observer } from '../observer.ts';
import type { Snapshot } from '../snapshot.ts';
import { handshake } from './handshake.ts';

const timeoutMs = 3000;
const atOnce = 32;
/** When so many kubelets in a row do not answer, no way leads there from here, and the other thousands need no trial. */
const firstTrial = 16;

interface Target {
  readonly role: 'api-server' | 'api-server-address' | 'kubelet';
  readonly host: string;
  readonly port: number;
  readonly node?: string;
  readonly serverName: string;
}

/**
 * What the API server, each address behind it and each kubelet show in a TLS handshake. Only addresses that the
 * kubeconfig or the cluster itself names are connected to, and nothing is sent after the handshake.
 */
export const observeTlsEndpoints: Observer = async (connection, snapshot, { signal }, visit) => {
  const clockAhead = await readClock(connection, signal);
  const look = async (target: Target): Promise<boolean> => {
    const { host, port, serverName } = target;
    const shown = await handshake(host, port, { serverName, timeoutMs, signal });
    visit({ ...target, ...shown, ...(target.role === 'api-server' && clockAhead !== undefined ? { clockAhead } : {}) });
    return shown.error === '';
  };
  if (connection.server.protocol === 'https:') await look(apiServer(connection));
  else
    visit({
      ...apiServer(connection),
      chain: [],
      error: 'it is reached by plain HTTP',
      ...(clockAhead === undefined ? {} : { clockAhead }),
    });
  await inParallel(addresses(snapshot, connection), look);

  const kubelets = snapshot.nodes.items.flatMap(kubelet);
  const answered = await inParallel(kubelets.slice(0, firstTrial), look);
  const others = kubelets.slice(firstTrial);
  if (answered.includes(true)) await inParallel(others, look);
  else
    for (const target of others)
      visit({ ...target, chain: [], error: `not tried, as the first ${firstTrial} did not answer` });
  return null;
};

function apiServer({ server, tlsServerName }: Connection): Target {
  const host = server.hostname.replaceAll(/[[\]]/g, '');
  const port = server.port === '' ? (server.protocol === 'https:' ? 443 : 80) : Number(server.port);
  return { role: 'api-server', host, port, serverName: tlsServerName ?? host };
}

/** The API servers one by one, where a load balancer stands before them: one of them may have been forgotten. */
function addresses(snapshot: Snapshot, connection: Connection): Target[] {
  const slices = snapshot.endpointslices.items.filter(
    ({ meta, service }) => meta.namespace === 'default' && service === 'kubernetes',
  );
  const found = slices.flatMap(({ endpoints, ports }) =>
    endpoints.flatMap((endpoint) =>
      endpoint.addresses.flatMap((host) =>
        ports.map(({ port }) => ({ role: 'api-server-address' as const, host, port, serverName: host })),
      ),
    ),
  );
  const known = apiServer(connection);
  return found.filter(({ host, port }) => host !== known.host || port !== known.port);
}

function kubelet(node: Node): Target[] {
  const address = ['InternalIP', 'ExternalIP', 'Hostname']
    .map((type) => node.addresses.find((entry) => entry.type === type)?.address)
    .find((found) => found !== undefined);
  if (address === undefined) return [];
  return [{ role: 'kubelet', host: address, port: node.kubeletPort, node: node.meta.name, serverName: address }];
}

async function inParallel<T, R>(targets: readonly T[], look: (target: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  const queue = targets.values();
  const worker = async (): Promise<void> => {
    for (const target of queue) results.push(await look(target));
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return results;
}

/** `Date` has whole seconds and is written a little before it is read: less than this is no difference. */
const resolutionMs = 2000;

/**
 * How far the API server's `Date` is ahead of the middle of the time that the question took, in milliseconds; undefined
 * where it tells none, or does not answer, of which the handshake tells more.
 */
async function readClock(connection: Connection, signal: AbortSignal): Promise<number | undefined> {
  const asked = Date.now();
  try {
    const response = await connection.request('/version', { signal });
    const answered = Date.now();
    response.body.destroy();
    const ahead = Date.parse(String(response.headers['date'])) - Math.round((asked + answered) / 2);
    return Number.isNaN(ahead) ? undefined : Math.abs(ahead) < resolutionMs ? 0 : ahead;
  } catch {
    return undefined;
  }
}
