import { customKinds, knownKinds } from '../shared/policy/positions.ts';
import type { Schema } from './schema.ts';

/** The reference page of AirgapPolicy: every key, its type and what it means. */
export function policyPage(policy: Schema): string {
  const spec = policy.properties?.['spec'] ?? {};
  return [
    '<!-- Made from shared/policy/schema.json by "npm run generate". -->',
    '# AirgapPolicy',
    '',
    policy.description ?? '',
    '',
    'The same document is read from a file (`--policy FILE`) and from the cluster. An unknown key, two equal source',
    'prefixes, a rule whose result another rule would rewrite again, an invalid prefix or an exemption without a reason',
    'is refused when the policy is loaded, with the path and in a file the line. The API server refuses the same, but for a',
    'target above another source where a third rule might come between: there `status` says `Invalid`, and why. What a file',
    'may hold, the API server takes.',
    '',
    '```yaml',
    'apiVersion: airgap.dev/v1alpha1',
    'kind: AirgapPolicy',
    'metadata: {name: default}',
    'spec:',
    '  mode: Enforce',
    '  mirrors:',
    '    - sourcePrefix: docker.io/library',
    '      targetPrefix: my-registry.local/library',
    '  allowedPrefixes: [my-registry.local]',
    '  imagePullSecrets: [internal-registry]',
    '  exemptions:',
    '    - {namespaces: [kube-system], reason: "bootstrap"}',
    '```',
    '',
    '| key under `spec` | type | meaning |',
    '|---|---|---|',
    ...rows(spec, ''),
    '',
    'The longest prefix decides, be it a source, a target or an allowed one: with `quay.io` as a source and',
    '`quay.io/own` allowed, `quay.io/own/app` is left as it is and everything else of `quay.io` is rewritten.',
    '',
    '## Custom resources',
    '',
    'These are judged without being told; `customResources` adds others, or more places of the same. Only objects in a',
    'namespace are.',
    '',
    '| group | kind | where |',
    '|---|---|---|',
    ...customRows(),
    '',
  ].join('\n');
}

function rows(schema: Schema, prefix: string): string[] {
  return Object.entries(schema.properties ?? {}).flatMap(([key, property]) => {
    const required = schema.required?.includes(key) === true ? ', required' : '';
    const fallback = property.default === undefined ? '' : `, default \`${JSON.stringify(property.default)}\``;
    const row = `| \`${prefix}${key}\` | ${typeName(property)}${required}${fallback} | ${property.description ?? ''} |`;
    const items = property.items?.properties === undefined ? [] : rows(property.items, `${prefix}${key}[].`);
    return [row, ...items, ...rows(property, `${prefix}${key}.`)];
  });
}

function customRows(): string[] {
  return customKinds([]).map(({ group, kind }) => {
    const { podSpecs = [], images = [] } =
      knownKinds.find((known) => known.group === group && known.kind === kind) ?? {};
    const places = [...podSpecs.map((spec) => `the pod spec \`${spec}\``), ...images.map((path) => `\`${path}\``)];
    return `| \`${group}\` | ${kind} | ${places.join(', ')} |`;
  });
}

function typeName(schema: Schema): string {
  if (schema.enum !== undefined) return schema.enum.map((value) => `\`${value}\``).join(' or ');
  if (schema.type === 'array') return `list of ${schema.items?.type ?? 'values'}s`;
  return schema.type ?? 'any';
}
