import type { ResourceType } from './kinds.ts';

/** `/apis/apps/v1/namespaces/web/deployments/NAME`; empty namespace and name leave their parts out. */
export function resourcePath(type: ResourceType, namespace = '', name = ''): string {
  const root = type.group === '' ? `/api/${type.version}` : `/apis/${type.group}/${type.version}`;
  const scope = type.namespaced && namespace !== '' ? `/namespaces/${encodeURIComponent(namespace)}` : '';
  return `${root}${scope}/${type.plural}${name === '' ? '' : `/${encodeURIComponent(name)}`}`;
}

/** `deployments.apps`, or `pods` in the core group: as `kubectl get` and the files of a dump name it. */
export function resourceName({ group, plural }: ResourceType): string {
  return group === '' ? plural : `${plural}.${group}`;
}
