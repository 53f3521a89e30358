/** The part of JSON Schema that the policy's schema uses. */
export interface Schema {
  readonly $ref?: string;
  readonly type?: string;
  readonly title?: string;
  readonly description?: string;
  readonly enum?: readonly string[];
  readonly default?: unknown;
  readonly pattern?: string;
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: boolean | Schema;
  readonly items?: Schema;
  readonly definitions?: Readonly<Record<string, Schema>>;
  readonly 'x-kubernetes-validations'?: readonly unknown[];
}

/** The schema with every `$ref` to its own definitions replaced by what it names. */
export function inlined(schema: Schema, definitions = schema.definitions ?? {}): Schema {
  const { $ref, definitions: _, ...own } = schema;
  const named = $ref === undefined ? {} : (definitions[$ref.replace('#/definitions/', '')] ?? {});
  const merged: Schema = { ...named, ...own };
  return {
    ...merged,
    ...(typeof merged.additionalProperties === 'object'
      ? { additionalProperties: inlined(merged.additionalProperties, definitions) }
      : {}),
    ...(merged.items === undefined ? {} : { items: inlined(merged.items, definitions) }),
    ...(merged.properties === undefined
      ? {}
      : { properties: mapValues(merged.properties, (p) => inlined(p, definitions)) }),
  };
}

export function mapValues<T, U>(from: Readonly<Record<string, T>>, change: (value: T) => U): Record<string, U> {
  return Object.fromEntries(Object.entries(from).map(([key, value]) => [key, change(value)]));
}
