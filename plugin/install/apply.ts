import { setTimeout as wait } from 'node:timers/promises';
import { AirgapError } from '../../shared/errors.ts';
import { array, record, text, type Json } from '../../shared/kube/json.ts';
import type { ApiRequest, Connection } from '../cluster/connection.ts';
import { resourcePath } from '../cluster/resource-path.ts';
import { name as objectName, type KubeObject } from './naming.ts';
import { nameOf, resourceOf } from './resources.ts';

/** What happened to one object. */
export type Done = 'created' | 'configured' | 'deleted' | 'absent';

/** Applies objects in their order (server-side apply, as the manager `kubectl-airgap`); throws at the first refusal. */
export async function applyObjects(
  connection: Connection,
  objects: readonly KubeObject[],
  dryRun: boolean,
  told: (object: KubeObject, done: Done) => void,
): Promise<void> {
  for (const object of objects) {
    const { namespace = '', name } = object.metadata;
    const query = `fieldManager=kubectl-airgap&force=true${dryRun ? '&dryRun=All' : ''}`;
    const answer = await send(connection, `${resourcePath(resourceOf(object), namespace, name)}?${query}`, {
      method: 'PATCH',
      contentType: 'application/apply-patch+yaml',
      body: JSON.stringify(object),
    });
    // In a dry run the namespace is not there for what would be in it.
    const inNothing = dryRun && answer.status === 404 && namespace !== '';
    if (answer.status >= 300 && !inNothing) throw refused(connection, object, answer, 'applied');
    told(object, answer.status === 200 ? 'configured' : 'created');
  }
}

/**
 * Makes objects wholly as they are given, in their order; throws at the first refusal. Server-side apply would leave what
 * another manager has put in a set, such as the actions of a mode that was applied with kubectl.
 */
export async function replaceObjects(
  connection: Connection,
  objects: readonly KubeObject[],
  dryRun: boolean,
  told: (object: KubeObject, done: Done) => void,
): Promise<void> {
  const query = `?fieldManager=kubectl-airgap${dryRun ? '&dryRun=All' : ''}`;
  for (const object of objects) {
    let tried = await replaceOnce(connection, object, query);
    // The API server itself writes the status of a policy that it has just read: somebody else may have come between.
    for (let left = 5; tried.answer.status === 409 && left > 0; left -= 1) {
      await wait(100);
      tried = await replaceOnce(connection, object, query);
    }
    const { done, answer } = tried;
    if (answer.status >= 300) throw refused(connection, object, answer, 'applied');
    told(object, done);
  }
}

async function replaceOnce(
  connection: Connection,
  object: KubeObject,
  query: string,
): Promise<{ readonly done: Done; readonly answer: Answer }> {
  const { namespace, name } = object.metadata;
  const path = resourcePath(resourceOf(object), namespace, name);
  const there = await send(connection, path, {});
  const resourceVersion = text(record(there.body['metadata'])['resourceVersion']);
  const metadata = { ...object.metadata, ...(resourceVersion === undefined ? {} : { resourceVersion }) };
  const request = { contentType: 'application/json', body: JSON.stringify({ ...object, metadata }) } as const;
  if (there.status !== 404)
    return { done: 'configured', answer: await send(connection, path + query, { ...request, method: 'PUT' }) };
  const collection = resourcePath(resourceOf(object), namespace) + query;
  return { done: 'created', answer: await send(connection, collection, { ...request, method: 'POST' }) };
}

/** Deletes objects, the last first; one that is not there is told and passed over. */
export async function deleteObjects(
  connection: Connection,
  objects: readonly KubeObject[],
  told: (object: KubeObject, done: Done) => void,
): Promise<void> {
  for (const object of objects.toReversed()) {
    const { namespace = '', name } = object.metadata;
    const answer = await send(connection, resourcePath(resourceOf(object), namespace, name), { method: 'DELETE' });
    if (answer.status >= 300 && answer.status !== 404) throw refused(connection, object, answer, 'deleted');
    told(object, answer.status === 404 ? 'absent' : 'deleted');
  }
}

/** Whether the cluster has an object of that kind and name. */
export async function isThere(connection: Connection, object: KubeObject): Promise<boolean> {
  const { namespace, name } = object.metadata;
  return (await send(connection, resourcePath(resourceOf(object), namespace, name), {})).status === 200;
}

/** Waits until a Deployment has its replicas available; whether it came to that in time. */
export async function rolledOut(connection: Connection, deployment: KubeObject, seconds: number): Promise<boolean> {
  const path = resourcePath(resourceOf(deployment), deployment.metadata.namespace, deployment.metadata.name);
  for (let passed = 0; passed < seconds; passed += 1) {
    const { body } = await send(connection, path, {});
    const status = record(body['status']);
    const wanted = record(body['spec'])['replicas'];
    const seen = status['observedGeneration'] === record(body['metadata'])['generation'];
    if (seen && status['availableReplicas'] === wanted && status['updatedReplicas'] === wanted) return true;
    await wait(1000);
  }
  return false;
}

/**
 * The webhook configurations with the authority that they are to trust: the one that is published already, else the one
 * in the webhook's Secret. Without it every request would fail until the webhook has filled it in.
 */
export async function withAuthority(
  connection: Connection,
  objects: readonly KubeObject[],
  namespace: string,
): Promise<KubeObject[]> {
  const secret = await send(connection, `/api/v1/namespaces/${namespace}/secrets/${objectName}-tls`, {});
  const made = text(record(secret.body['data'])['ca.crt']);
  return Promise.all(
    objects.map(async (object) => {
      const there = await send(connection, resourcePath(resourceOf(object), '', object.metadata.name), {});
      const published = array(there.body['webhooks']).map((webhook) =>
        text(record(record(webhook)['clientConfig'])['caBundle']),
      );
      const webhooks = array(object['webhooks']).map((webhook, index) => {
        const caBundle = published[index] ?? made;
        const client = record(record(webhook)['clientConfig']);
        return caBundle === undefined ? webhook : { ...record(webhook), clientConfig: { ...client, caBundle } };
      });
      return { ...object, webhooks };
    }),
  );
}

interface Answer {
  readonly status: number;
  readonly body: Json;
}

/** Asks the API server and reads the answer as JSON; an empty object where it is none. */
export async function send(connection: Connection, path: string, request: ApiRequest): Promise<Answer> {
  const response = await connection.request(path, request);
  const chunks: Uint8Array[] = [];
  for await (const chunk of response.body) chunks.push(chunk);
  try {
    return { status: response.status, body: record(JSON.parse(Buffer.concat(chunks).toString())) };
  } catch {
    return { status: response.status, body: {} };
  }
}

function refused(connection: Connection, object: KubeObject, { status, body }: Answer, what: string): AirgapError {
  const why = text(body['message']) ?? `status ${status}`;
  return new AirgapError(
    status === 403 ? 'forbidden' : 'input',
    `${nameOf(object)} cannot be ${what} in ${connection.context}: ${why}.`,
    status === 403
      ? 'Installing needs the rights of a cluster administrator.'
      : 'Mend what the message names and run the command again.',
  );
}
