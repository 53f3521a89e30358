/** Which resource a file of a dump holds. */
export interface Located {
  /** `pods`, `deployments.apps`, or a plural whose group the file's name leaves open. */
  readonly resource: string;
  /** `errors`: the file tells what could not be read, as support bundles do beside each resource. */
  readonly holds: 'objects' | 'errors';
}

/** Spellings of `kubectl cluster-info dump` and of Troubleshoot support bundles that are not the resource's name. */
const spelling: Readonly<Record<string, string>> = {
  'replication-controllers': 'replicationcontrollers',
  'custom-resource-definitions': 'customresourcedefinitions',
  'network-policy': 'networkpolicies',
  'pod-disruption-budgets': 'poddisruptionbudgets',
  'resource-quota': 'resourcequotas',
  'storage-classes': 'storageclasses',
  ingress: 'ingresses',
  pvs: 'persistentvolumes',
  pvcs: 'persistentvolumeclaims',
  pod: 'pods',
  event: 'events',
  node: 'nodes',
};

/**
 * Where the resource stands in a path tells which of the three layouts it is, so nothing has to be known of the rest:
 * `cluster-resources/pods/NAMESPACE.json` and `cluster-resources/nodes.json` of a support bundle, and otherwise the
 * file's own name, in a folder for each namespace (`kubectl cluster-info dump`) or not (our own, and made by hand).
 */
export function locate(path: string): Located | undefined {
  const parts = path.split('/');
  const file = /^(.+)\.(json|ya?ml)$/.exec(parts.at(-1) ?? '')?.[1];
  if (file === undefined) return undefined;
  const bundle = parts.indexOf('cluster-resources');
  if (bundle === -1) return ownNames.has(file) ? undefined : { resource: named(file), holds: 'objects' };
  const inside = parts.slice(bundle + 1, -1);
  if (inside.includes('logs') || inside[0] === 'auth-cani-list' || inside[0] === 'image-pull-secrets') return undefined;
  if (inside[0] === 'custom-resources') {
    const name = inside[1] ?? file;
    return name.endsWith('-errors') || inside.length > 2 ? undefined : { resource: name, holds: 'objects' };
  }
  if (inside.length > 1) return undefined;
  const name = inside[0] ?? file;
  const errors = /^(.+)-errors$/.exec(name)?.[1];
  return errors === undefined
    ? { resource: named(name), holds: 'objects' }
    : { resource: named(errors), holds: 'errors' };
}

/** Files that a dump of ours holds beside the objects. */
export const metaFile = 'meta.json';
export const observationsFile = 'observations.json';
const ownNames = new Set(['meta', 'observations']);

/** Whether a file can be of any interest; logs and the like are not even counted. */
export function recognised(path: string): boolean {
  return /(^|\/)(meta|observations)\.json$/.test(path) || locate(path) !== undefined;
}

function named(name: string): string {
  return spelling[name] ?? name;
}
