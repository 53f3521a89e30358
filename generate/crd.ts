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

/** Rules over the whole spec; `covers` is spelled out, for CEL has no functions of its own. */
const fixedPoint = {
  rule:
    '!has(self.mirrors) || self.mirrors.all(m, self.mirrors.all(o, ' +
    "m.targetPrefix != o.sourcePrefix && !m.targetPrefix.startsWith(o.sourcePrefix + '/')))",
  message: 'a targetPrefix is under a sourcePrefix: a rewritten image would be rewritten again',
};

const contradiction = {
  rule: '!has(self.mirrors) || !has(self.allowedPrefixes) || self.mirrors.all(m, !(m.sourcePrefix in self.allowedPrefixes))',
  message: 'a sourcePrefix is also in allowedPrefixes: an image is either rewritten or allowed',
};

function specOf(policy: Schema): Schema {
  return { ...policy.properties?.['spec'], 'x-kubernetes-validations': [fixedPoint, contradiction] };
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
    ...(typeof additionalProperties === 'object' ? { additionalProperties } : {}),
    ...(rules === undefined || rules.length === 0 ? {} : { 'x-kubernetes-validations': rules }),
    ...(schema.items === undefined ? {} : { items: structural(schema.items) }),
    ...(schema.properties === undefined ? {} : { properties: mapValues(schema.properties, structural) }),
  };
}
