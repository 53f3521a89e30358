import { mapValues, type Schema } from './schema.ts';

/**
 * The custom resource: the same schema as a structural one. The API server prunes unknown keys by itself (and kubectl
 * refuses them before), so `additionalProperties: false`, which a structural schema may not have, is left out.
 */
export function customResourceDefinition(policy: Schema): object {
  const { metadata: _, ...rest } = policy.properties ?? {};
  const root: Schema = {
    ...(policy.description === undefined ? {} : { description: policy.description }),
    type: 'object',
    required: ['spec'],
    properties: { ...rest, metadata: { type: 'object' }, status },
    'x-kubernetes-validations': [],
  };
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: 'airgappolicies.airgap.dev' },
    spec: {
      group: 'airgap.dev',
      scope: 'Cluster',
      names: { kind: 'AirgapPolicy', listKind: 'AirgapPolicyList', plural: 'airgappolicies', singular: 'airgappolicy' },
      versions: [
        {
          name: 'v1alpha1',
          served: true,
          storage: true,
          subresources: { status: {} },
          additionalPrinterColumns: [
            { name: 'Mode', type: 'string', jsonPath: '.spec.mode' },
            { name: 'Ready', type: 'string', jsonPath: '.status.conditions[?(@.type=="Ready")].status' },
            { name: 'Reason', type: 'string', jsonPath: '.status.conditions[?(@.type=="Ready")].reason' },
            { name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp' },
          ],
          schema: {
            openAPIV3Schema: structural({ ...root, properties: { ...root.properties, spec: specOf(policy) } }),
          },
        },
      ],
    },
  };
}

/** A prefix as references are normalised, for CEL has no functions of its own. */
const normal = (prefix: string): string =>
  `(${prefix} == 'index.docker.io' || ${prefix}.startsWith('index.docker.io/') ? ${prefix}.substring(6) : ${prefix})`;
const source = (mirror: string): string => normal(`${mirror}.sourcePrefix`);
const target = (mirror: string): string => normal(`${mirror}.targetPrefix`);

/**
 * What a policy is refused for when it is loaded, as rules over the whole spec that the API server finds cheap enough. A
 * target above another source is seen only where no rule below its own source could come between, and not through
 * `index.docker.io`: all of it would take a loop in a loop in a loop.
 */
const sound = [
  {
    rule: `self.mirrors.all(m, [${target('m')} + '/'].all(t, self.mirrors.all(o, !t.startsWith(${source('o')} + '/'))))`,
    message: 'a targetPrefix is under a sourcePrefix: a rewritten image would be rewritten again',
  },
  {
    rule: `self.mirrors.all(m, [${source('m')}].all(s, self.mirrors.exists_one(o, ${source('o')} == s)))`,
    message: 'two mirrors have the same sourcePrefix, for index.docker.io is docker.io',
  },
  {
    rule: "self.mirrors.all(m, m.targetPrefix != 'docker.io' && self.mirrors.exists(o, size(o.sourcePrefix) > size(m.sourcePrefix) && o.sourcePrefix.startsWith(m.sourcePrefix) || m.sourcePrefix.startsWith('index.') || o.sourcePrefix.startsWith('index.')) || !self.mirrors.exists(o, o.sourcePrefix.startsWith(m.targetPrefix + '/')))",
    message: 'a sourcePrefix is under a targetPrefix: a rewritten image would be rewritten again',
  },
  {
    rule: `!has(self.allowedPrefixes) || self.mirrors.all(m, [${source('m')}].all(s, !self.allowedPrefixes.exists(p, ${normal('p')} == s)))`,
    message: 'a sourcePrefix is also in allowedPrefixes: an image is either rewritten or allowed',
  },
].map(({ rule, message }) => ({ rule: `!has(self.mirrors) || ${rule}`, message }));

function specOf(policy: Schema): Schema {
  return { ...policy.properties?.['spec'], 'x-kubernetes-validations': sound };
}

const status: Schema = {
  type: 'object',
  description: 'Written by the webhook: whether the policy is in force.',
  properties: {
    observedGeneration: { type: 'integer', description: 'The generation that the conditions speak of.' },
    observedBy: { type: 'string', description: 'The release of the webhook that wrote this.' },
    conditions: {
      type: 'array',
      description: 'Ready is True while the policy is in force, and says why where it is not.',
      items: {
        type: 'object',
        required: ['type', 'status', 'reason', 'message', 'lastTransitionTime'],
        properties: {
          type: { type: 'string' },
          status: { type: 'string', enum: ['True', 'False', 'Unknown'] },
          reason: { type: 'string' },
          message: { type: 'string' },
          lastTransitionTime: { type: 'string' },
          observedGeneration: { type: 'integer' },
        },
      },
    },
  },
};

function structural(schema: Schema): Schema {
  const { additionalProperties, 'x-kubernetes-validations': rules, ...kept } = schema;
  return {
    ...kept,
    ...(typeof additionalProperties === 'object' ? { additionalProperties: structural(additionalProperties) } : {}),
    ...(rules === undefined || rules.length === 0 ? {} : { 'x-kubernetes-validations': rules }),
    ...(schema.items === undefined ? {} : { items: structural(schema.items) }),
    ...(schema.properties === undefined ? {} : { properties: mapValues(schema.properties, structural) }),
  };
}
