import { record, type Json } from '../../../shared/kube/json.ts';

/**
 * Whether an object of a dump would have been in a list with this field selector (`type=Warning`,
 * `metadata.name!=x,status.phase=Running`): a hand-made dump holds everything, a live list does not.
 */
export function matches(raw: Json, selector: string): boolean {
  return selector.split(',').every((term) => {
    const [, field = '', operator, wanted] = /^([^!=]+)(!=|==?)(.*)$/.exec(term.trim()) ?? [];
    const value = field.split('.').reduce<unknown>((at, key) => record(at)[key], raw) ?? '';
    return operator === '!=' ? value !== wanted : value === wanted;
  });
}
