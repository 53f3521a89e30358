import { record, type Json } from '../shared/kube/json.ts';
import type { CompiledPolicy } from '../shared/policy/compile.ts';
import { judge, type Judgement } from '../shared/policy/judge.ts';
import { namespaceNamed, policyFor, type Namespace } from '../shared/policy/namespace.ts';

/** The two webhooks of the server. */
export type Webhook = 'mutate' | 'validate';

/** What is known of the cluster at the moment of a request; replaced as a whole, never changed. */
export interface Knowledge {
  readonly policies: readonly CompiledPolicy[];
  /** Labels by namespace; a namespace that is not in it is known by its name only. */
  readonly namespaces: ReadonlyMap<string, Namespace>;
}

/** What logs and metrics may tell of a request: names, never an object's content. */
export interface Facts {
  readonly uid: string;
  readonly operation: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly dryRun: boolean;
  readonly policy: CompiledPolicy | null;
  readonly judgement: Judgement;
  /** The controller that made the object; null for what a person made. */
  readonly owner: {
    readonly apiVersion: string;
    readonly kind: string;
    readonly name: string;
    readonly uid: string;
  } | null;
}

export type Reviewed =
  | { readonly ok: true; readonly body: string; readonly facts: Facts }
  | { readonly ok: false; readonly problem: string };

/** An AdmissionReview (`admission.k8s.io/v1`) as parsed JSON in, the one to answer with out. Pure and total. */
export function review(parsed: unknown, webhook: Webhook, knowledge: Knowledge): Reviewed {
  const document = record(parsed);
  if (document['kind'] !== 'AdmissionReview' || document['apiVersion'] !== 'admission.k8s.io/v1')
    return { ok: false, problem: 'the body is no AdmissionReview of admission.k8s.io/v1' };
  const request = record(document['request']);
  const uid = string(request['uid']);
  if (uid === '') return { ok: false, problem: 'the AdmissionReview has no request.uid' };

  const namespaceName = string(request['namespace']);
  const namespace = knowledge.namespaces.get(namespaceName) ?? namespaceNamed(namespaceName);
  const policy = policyFor(knowledge.policies, namespace);
  const kind = record(request['kind']);
  const change = {
    group: string(kind['group']),
    kind: string(kind['kind']),
    subResource: string(request['subResource']),
    operation: string(request['operation']),
    namespace,
    object: request['object'],
    oldObject: request['oldObject'],
  };
  const judgement = judge(policy, change, webhook);
  const facts: Facts = {
    uid,
    operation: change.operation,
    kind: change.kind,
    namespace: namespaceName,
    name: string(request['name']),
    dryRun: request['dryRun'] === true,
    policy,
    judgement,
    owner: ownerOf(record(request['object'])),
  };
  return { ok: true, body: answer(uid, judgement), facts };
}

/** Written out, since serialising the patch a second time would cost more than the decision. */
function answer(uid: string, { patch, warnings, rejection }: Judgement): string {
  const status = { code: 403, reason: 'Forbidden', message: rejection };
  return [
    `{"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview","response":{"uid":${JSON.stringify(uid)}`,
    `,"allowed":${rejection === null}`,
    rejection === null ? '' : `,"status":${JSON.stringify(status)}`,
    patch.length === 0
      ? ''
      : `,"patchType":"JSONPatch","patch":"${Buffer.from(JSON.stringify(patch)).toString('base64')}"`,
    warnings.length === 0 ? '' : `,"warnings":${JSON.stringify(warnings)}`,
    '}}',
  ].join('');
}

/** The namespace of an AdmissionReview as parsed JSON; empty where it has none. */
export function namespaceOf(parsed: unknown): string {
  return string(record(record(parsed)['request'])['namespace']);
}

/** Nothing of a request comes again but its images, so no other string is worth remembering. */
function string(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function ownerOf(object: Json): Facts['owner'] {
  const owners = record(object['metadata'])['ownerReferences'];
  const controller = Array.isArray(owners)
    ? owners.map(record).find((owner) => owner['controller'] === true)
    : undefined;
  if (controller === undefined) return null;
  const read = (key: string): string => string(controller[key]);
  return { apiVersion: read('apiVersion'), kind: read('kind'), name: read('name'), uid: read('uid') };
}
