import { onlyCertificates } from '../../shared/cert/bundle.ts';
import { array, record, textMap, type Json } from '../../shared/kube/json.ts';
import { redactSecret } from '../../shared/kube/redact-secret.ts';
import { forwardLines } from '../../shared/kube/corefile.ts';
import { plainUrl } from '../../shared/kube/source.ts';
import { withoutSecrets } from '../../shared/secret-text.ts';
import type { ResourceType } from './kinds.ts';

/**
 * What may leave the cluster of an object, before it is written anywhere. Checks read the same of what is left as of
 * the whole object. Kept is what the API needs to be public (names, images, references, messages); dropped is every
 * place where people put secrets by hand: values of Secrets and ConfigMaps other than certificates, literal environment
 * values, command lines, HTTP headers of probes, and annotations of tools. Fields that this release does not know are
 * kept, with anything in their texts that reads as a credential replaced.
 */
export function redact(type: ResourceType, raw: Json): Json {
  if (type.group === '' && type.kind === 'Secret') return redactSecret(raw);
  if (type.group === '' && type.kind === 'ConfigMap') return redactConfigMap(raw);
  if (!published.test(type.group)) return redactForeign(type, raw);
  const spec = record(raw['spec']);
  const versions = spec['versions'];
  // The schemas are nine tenths of a CustomResourceDefinition and say nothing about this cluster.
  const slim =
    type.kind === 'CustomResourceDefinition'
      ? { ...raw, spec: { ...spec, versions: array(versions).map((version) => ({ ...record(version), schema: {} })) } }
      : raw;
  return walk(slim, '', 0) as Json;
}

/** Certificates, and of the configuration of name servers whom they ask. */
function publicPart(key: string, value: string): string {
  if (key === 'Corefile') return forwardLines(value).join('\n');
  return value.includes('-----BEGIN CERTIFICATE-----') ? onlyCertificates(value) : '';
}

function redactConfigMap(raw: Json): Json {
  const certificates = Object.entries(textMap(raw['data'])).map(([key, value]) => [key, publicPart(key, value)]);
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: walk(record(raw['metadata']), 'metadata', 1),
    data: Object.fromEntries(certificates) as Json,
  };
}

/** Kubernetes' own groups, and others whose every field is known here to name secrets and never to hold them. */
const published = /^$|^(apps|batch|policy|autoscaling)$|(^|\.)(k8s\.io|cert-manager\.io|airgap\.dev)$/;

/**
 * Objects of other projects carry what their users write into them, such as the values of a Helm chart with all its
 * passwords, and copies of that in their status: only what tells how they fare is kept.
 */
function redactForeign(type: ResourceType, raw: Json): Json {
  const status = record(raw['status']);
  const operation = record(status['operationState']);
  const left = {
    conditions: status['conditions'],
    operationState: {
      phase: operation['phase'],
      message: operation['message'],
      syncResult: { resources: record(operation['syncResult'])['resources'] },
    },
  };
  const metadata = walk(record(raw['metadata']), 'metadata', 1);
  const source = type.group === 'source.toolkit.fluxcd.io' ? { spec: redactSource(record(raw['spec'])) } : {};
  return { metadata, ...source, status: walk(left, 'status', 1) };
}

/** Where it fetches from, without any login. */
function redactSource({ url, endpoint, suspend }: Json): Json {
  const plain = (value: unknown): Json[string] => (typeof value === 'string' ? plainUrl(value) : undefined);
  return { url: plain(url), endpoint: plain(endpoint), suspend: suspend === true };
}

const dropped = new Set([
  'managedFields',
  'command',
  'args',
  'httpHeaders',
  'kubectl.kubernetes.io/last-applied-configuration',
]);

/** Certificates in base64, where a pattern could only match by chance. */
const publicKeys = new Set(['caBundle', 'certificate', 'request']);

/** No API nests its objects deeper; what does is made to exhaust the stack of whoever walks it. */
const deepest = 100;

function walk(value: unknown, key: string, depth: number): unknown {
  if (typeof value === 'string') return publicKeys.has(key) ? value : withoutSecrets(value);
  if (depth > deepest && typeof value === 'object') return null;
  if (Array.isArray(value))
    return key === 'env'
      ? value.map((entry) => redactVariable(entry, depth + 1))
      : value.map((entry) => walk(entry, '', depth + 1));
  if (typeof value !== 'object' || value === null) return value;
  const out: Record<string, unknown> = {};
  for (const [name, entry] of Object.entries(value)) {
    if (dropped.has(name)) continue;
    const own = key === 'annotations' && typeof entry === 'string' && !ofKubernetes.test(name);
    out[name] = own ? '' : walk(entry, name, depth + 1);
  }
  return out;
}

/** Annotations that follow a published convention; what any other tool writes there is anybody's guess. */
const ofKubernetes = /(^|\.)(kubernetes\.io|k8s\.io|cert-manager\.io|helm\.sh|airgap\.dev)\//;

/**
 * A literal value stays where it cannot be a secret and is of use: empty, a proxy setting, or an image with its registry
 * and tag, as operators pass those of their operands.
 */
function redactVariable(raw: unknown, depth: number): unknown {
  const { value, ...rest } = record(raw);
  if (typeof value !== 'string') return walk(raw, '', depth);
  const name = String(rest['name']);
  const proxy = /^(https?|no|all)_proxy$/i.test(name);
  const image = /^[a-z0-9.-]+(\.[a-z0-9-]+|:\d+)\/[a-z0-9._/-]+(:[\w.-]{1,128}|@sha256:[0-9a-f]{64})$/.test(value);
  const kept = value === '' || proxy || (image && !/pass|secret|token|key|cred/i.test(name));
  return { ...(walk(rest, '', depth) as Json), ...(kept ? { value: withoutSecrets(value) } : {}) };
}
