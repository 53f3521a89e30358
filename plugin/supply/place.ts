import type { Place } from './inventory.ts';

/** `web.yaml:12  Deployment shop/web  spec.template.spec.containers[0].image`, on one line. */
export function placeText({ file, kind, namespace, name, field, via }: Place): string {
  const object = [kind, namespace === '' ? name : `${namespace}/${name}`].filter((part) => part !== '').join(' ');
  return [file ?? '', object, via === 'field' || via === 'list' ? field : `${field} (${via})`]
    .filter((part) => part !== '')
    .join('  ');
}
