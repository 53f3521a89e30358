import { AirgapError } from '../../shared/errors.ts';
import { array, record, text } from '../../shared/kube/json.ts';
import { isCelObject } from '../../shared/policy/cel/drift.ts';
import { celObjects } from '../../shared/policy/cel/objects.ts';
import { whatCelLacks } from '../../shared/policy/cel/untold.ts';
import type { CompiledPolicy } from '../../shared/policy/compile.ts';
import type { Connection } from '../cluster/connection.ts';
import { resourcePath } from '../cluster/resource-path.ts';
import { deleteObjects, replaceObjects, send, type Done } from './apply.ts';
import type { KubeObject } from './naming.ts';
import { resourceOf } from './resources.ts';

/** What judges pods: pods of ours, the API server itself, or ours with the API server's own validation behind them. */
export const engines = ['webhook', 'cel', 'both'] as const;
export type Engine = (typeof engines)[number];

type Told = (object: KubeObject, done: Done) => void;

/** The objects of an engine for these policies, and what is to be told of them. `namespace` is the webhook's own. */
export function celOf(
  policies: readonly CompiledPolicy[],
  engine: Engine,
  namespace: string,
): { readonly objects: readonly KubeObject[]; readonly warnings: readonly string[] } {
  if (engine === 'webhook') return { objects: [], warnings: [] };
  const leftOut = ['kube-system', namespace];
  if (engine === 'cel') return { objects: celObjects(policies, { leftOut }), warnings: whatCelLacks(policies) };
  const stale =
    'run this command again after each change of a policy: the validation behind the webhook is a copy of it';
  return { objects: celObjects(policies, { leftOut, parts: 'validate' }), warnings: [stale] };
}

/** Throws where the API server does not serve the kinds, before anything has been applied. */
export async function needsCel(connection: Connection, wanted: readonly KubeObject[]): Promise<void> {
  const { body } = await send(connection, '/apis/admissionregistration.k8s.io/v1', {});
  const served = new Set(array(body['resources']).map((resource) => text(record(resource)['kind'])));
  const lacking = wanted.find(({ kind }) => !served.has(kind));
  if (lacking !== undefined)
    throw new AirgapError(
      'input',
      `The API server of ${connection.context} has no ${lacking.kind} in admissionregistration.k8s.io/v1.`,
      'That takes Kubernetes 1.36 or newer; install with --engine webhook.',
    );
}

/** Applies what is wanted and deletes what an earlier policy or mode has left. */
export async function replaceCel(
  connection: Connection,
  wanted: readonly KubeObject[],
  dryRun: boolean,
  told: Told,
): Promise<void> {
  await replaceObjects(connection, wanted, dryRun, told);
  const there = await installedCel(connection);
  const keep = new Set(wanted.map(({ kind, metadata }) => `${kind} ${metadata.name}`));
  const left = there.filter(({ kind, metadata }) => !keep.has(`${kind} ${metadata.name}`));
  if (!dryRun) await deleteObjects(connection, left, told);
}

/** Every object of the CEL form in the cluster, policies before bindings. An older API server has none. */
export async function installedCel(connection: Connection): Promise<KubeObject[]> {
  const kinds = ['Mutating', 'Validating'].flatMap((what) => [
    `${what}AdmissionPolicy`,
    `${what}AdmissionPolicyBinding`,
  ]);
  const lists = await Promise.all(
    kinds
      .toSorted((a, b) => a.length - b.length)
      .map(async (kind) => {
        const apiVersion = 'admissionregistration.k8s.io/v1';
        const { body } = await send(
          connection,
          resourcePath(resourceOf({ apiVersion, kind, metadata: { name: '' } }), ''),
          {},
        );
        return array(body['items']).map((item) => ({ ...record(item), apiVersion, kind }));
      }),
  );
  return lists.flat().filter(isCelObject) as unknown as KubeObject[];
}
