import type { Api } from '../cluster/api.ts';
import {
  failedEvent,
  isFailing,
  namespaceOf,
  namespaces,
  node,
  nodeStatus,
  nodes,
  pod,
  podName,
  podStatus,
} from './pods.ts';

/** Requests at a time: more does not make the API server of a small machine faster. */
const parallel = 24;
const patch = 'application/merge-patch+json';

/** Creates the benchmark's objects through the API, each with its status, as their owners would. */
export async function fill(api: Api, pods: number, say: (line: string) => void): Promise<void> {
  const send = async (method: string, path: string, body: unknown, type?: string): Promise<void> => {
    const { status, text } = await api.raw(method, path, body, type);
    if (status >= 300) throw new Error(`${method} ${path}: ${status} ${text}`);
  };
  for (let i = 0; i < namespaces; i += 1) {
    const name = namespaceOf(i);
    await send('POST', '/api/v1/namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
    // The controller that would make it is stopped, so that nothing works on these pods while they are read.
    const account = { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'default', namespace: name } };
    await send('POST', `/api/v1/namespaces/${name}/serviceaccounts`, account);
  }
  for (let i = 0; i < nodes; i += 1) {
    await send('POST', '/api/v1/nodes', node(i));
    await send('PATCH', `/api/v1/nodes/node-${i}/status`, nodeStatus, patch);
  }
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < pods) {
      const index = next;
      next += 1;
      if (index % 2000 === 0) say(`${index} of ${pods} pods`);
      const path = `/api/v1/namespaces/${namespaceOf(index)}`;
      await send('POST', `${path}/pods`, pod(index));
      await send('PATCH', `${path}/pods/${podName(index)}/status`, podStatus(index), patch);
      if (isFailing(index)) await send('POST', `${path}/events`, failedEvent(index));
    }
  };
  await Promise.all(Array.from({ length: parallel }, worker));
}
