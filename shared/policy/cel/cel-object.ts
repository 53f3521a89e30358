import { array, record, text, textMap, type Json } from '../../kube/json.ts';
import { readMeta, type Meta } from '../../kube/meta.ts';
import { readSelector, type Selector } from '../../kube/selector.ts';
import { isCelObject } from './drift.ts';

type CelKind =
  | 'MutatingAdmissionPolicy'
  | 'MutatingAdmissionPolicyBinding'
  | 'ValidatingAdmissionPolicy'
  | 'ValidatingAdmissionPolicyBinding';

/** One of our objects that the API server evaluates itself; other people's are not kept. */
export interface CelObject {
  readonly kind: CelKind;
  readonly meta: Meta;
  readonly failurePolicy: 'Fail' | 'Ignore';
  /** Of a binding: what it binds, where, and whether it denies. */
  readonly policyName: string;
  readonly namespaceSelector: Selector;
  readonly denies: boolean;
  /** As much as `celDrift` compares. */
  readonly raw: Json;
}

/** Items of a list do not say their kind, so it is given. */
export function readCelObject(kind: CelKind): (raw: Json) => CelObject | undefined {
  return (raw) => {
    if (!isCelObject(raw)) return undefined;
    const metadata = record(raw['metadata']);
    const spec = record(raw['spec']);
    const { name, labels } = metadata;
    return {
      kind,
      meta: readMeta(raw),
      failurePolicy: spec['failurePolicy'] === 'Ignore' ? 'Ignore' : 'Fail',
      policyName: text(spec['policyName']) ?? '',
      namespaceSelector: readSelector(record(spec['matchResources'])['namespaceSelector']),
      denies: array(spec['validationActions']).includes('Deny'),
      raw: { kind, metadata: { name: text(name) ?? '', labels: textMap(labels) }, spec },
    };
  };
}
