import { celList } from './literal.ts';

export const created = "request.operation == 'CREATE'";

/** Whether the pod names a pull secret; `name` is an expression. */
export const hasSecret = (name: string): string =>
  `has(object.spec.imagePullSecrets) && object.spec.imagePullSecrets.exists(s, has(s.name) && s.name == ${name})`;

/** Whether a new pod lacks one of these pull secrets; of a pod that is there already they cannot change. */
export function lacksSecrets(names: readonly string[]): string {
  return `${created} && !${celList(names)}.all(n, ${hasSecret('n')})`;
}
