import { array, record, text, textMap, texts } from './json.ts';

/** A LabelSelector: every entry must hold. One without entries matches everything. */
export interface Selector {
  readonly labels: Readonly<Record<string, string>>;
  readonly expressions: readonly {
    readonly key: string;
    readonly operator: string;
    readonly values: readonly string[];
  }[];
}

export function readSelector(value: unknown): Selector {
  const selector = record(value);
  return {
    labels: textMap(selector['matchLabels']),
    expressions: array(selector['matchExpressions'])
      .map(record)
      .map((entry) => ({
        key: text(entry['key']) ?? '',
        operator: text(entry['operator']) ?? '',
        values: texts(entry['values']),
      })),
  };
}

export function isEverything({ labels, expressions }: Selector): boolean {
  return Object.keys(labels).length + expressions.length === 0;
}

/** Whether labels satisfy the selector, as the API server decides it; an operator it does not know never holds. */
export function selects(selector: Selector, labels: Readonly<Record<string, string>>): boolean {
  return (
    Object.entries(selector.labels).every(([key, value]) => labels[key] === value) &&
    selector.expressions.every(({ key, operator, values }) => {
      const value = Object.hasOwn(labels, key) ? labels[key] : undefined;
      switch (operator) {
        case 'In':
          return value !== undefined && values.includes(value);
        case 'NotIn':
          return value === undefined || !values.includes(value);
        case 'Exists':
          return value !== undefined;
        case 'DoesNotExist':
          return value === undefined;
        default:
          return false;
      }
    })
  );
}
