import { array, number, record, text, texts, textMap, type Json } from './json.ts';
import { readSelector, type Selector } from './selector.ts';
import { readMeta, type Meta } from './meta.ts';
import { readWebhookClient, type WebhookClient } from './webhook-client.ts';

/** A Mutating- or ValidatingWebhookConfiguration. */
export interface WebhookConfiguration {
  readonly kind: 'MutatingWebhookConfiguration' | 'ValidatingWebhookConfiguration';
  readonly meta: Meta;
  /** `namespace/name` of the Certificate or Secret from which cert-manager's cainjector fills in the CA bundles. */
  readonly caInjectedFrom?: string;
  readonly webhooks: readonly Webhook[];
}

export interface Webhook {
  readonly name: string;
  readonly client: WebhookClient;
  /** Fail is the default of v1. */
  readonly failurePolicy: 'Fail' | 'Ignore';
  readonly timeoutSeconds: number;
  readonly rules: readonly WebhookRule[];
  readonly namespaceSelector: Selector;
  readonly objectSelector: Selector;
  /** CEL conditions may exempt what the rules cover; they are not evaluated here. */
  readonly matchConditions: readonly { readonly name: string; readonly expression: string }[];
}

interface WebhookRule {
  readonly groups: readonly string[];
  readonly versions: readonly string[];
  readonly resources: readonly string[];
  readonly operations: readonly string[];
  /** `Namespaced`, `Cluster` or `*`, the default. */
  readonly scope: string;
}

/** What a request is about, as rules see it. */
export interface Requested {
  readonly group: string;
  readonly version: string;
  /** `pods`, `pods/ephemeralcontainers` */
  readonly resource: string;
  readonly namespaced: boolean;
}

export const ofPods: Requested = { group: '', version: 'v1', resource: 'pods', namespaced: true };

export const readMutatingWebhookConfiguration = (raw: Json): WebhookConfiguration =>
  readWebhookConfiguration('MutatingWebhookConfiguration', raw);

export const readValidatingWebhookConfiguration = (raw: Json): WebhookConfiguration =>
  readWebhookConfiguration('ValidatingWebhookConfiguration', raw);

/**
 * Whether a rule covers an operation, as the API server's matcher decides it: `*` is every resource without its
 * subresources, `pods/*` is pods with all of theirs.
 */
export function covers(
  webhook: Webhook,
  { group, version, resource, namespaced }: Requested,
  operation: string,
): boolean {
  const [name = '', sub = ''] = resource.split('/');
  return webhook.rules.some(
    (rule) =>
      holds(rule.groups, group) &&
      holds(rule.versions, version) &&
      holds(rule.operations, operation) &&
      (rule.scope === '*' || rule.scope === (namespaced ? 'Namespaced' : 'Cluster')) &&
      rule.resources.some((pattern) => {
        const [ofName = '', ofSub = ''] = pattern.split('/');
        return (ofName === '*' || ofName === name) && (ofSub === '*' || ofSub === sub);
      }),
  );
}

function holds(list: readonly string[], value: string): boolean {
  return list.includes('*') || list.includes(value);
}

function readWebhookConfiguration(kind: WebhookConfiguration['kind'], raw: Json): WebhookConfiguration {
  const injected = caInjectedFrom(raw);
  return {
    kind,
    meta: readMeta(raw),
    ...(injected === undefined ? {} : { caInjectedFrom: injected }),
    webhooks: array(raw['webhooks']).map(readWebhook),
  };
}

/** The object that cert-manager's cainjector is told to take a CA from. */
export function caInjectedFrom(raw: Json): string | undefined {
  const annotations = textMap(record(raw['metadata'])['annotations']);
  return annotations['cert-manager.io/inject-ca-from'] ?? annotations['cert-manager.io/inject-ca-from-secret'];
}

function readWebhook(raw: unknown): Webhook {
  const webhook = record(raw);
  return {
    name: text(webhook['name']) ?? '',
    client: readWebhookClient(webhook['clientConfig']),
    failurePolicy: webhook['failurePolicy'] === 'Ignore' ? 'Ignore' : 'Fail',
    timeoutSeconds: number(webhook['timeoutSeconds']) ?? 10,
    rules: array(webhook['rules'])
      .map(record)
      .map((rule) => ({
        groups: texts(rule['apiGroups']),
        versions: texts(rule['apiVersions']),
        resources: texts(rule['resources']),
        operations: texts(rule['operations']),
        scope: text(rule['scope']) ?? '*',
      })),
    namespaceSelector: readSelector(webhook['namespaceSelector']),
    objectSelector: readSelector(webhook['objectSelector']),
    matchConditions: array(webhook['matchConditions'])
      .map(record)
      .map((condition) => ({ name: text(condition['name']) ?? '', expression: text(condition['expression']) ?? '' })),
  };
}
