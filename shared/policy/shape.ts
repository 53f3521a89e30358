import { parsePrefix } from '../image/prefix.ts';
import { quote } from '../image/quote.ts';
import type { AirgapPolicy } from './policy.generated.ts';
import type { PolicyProblem } from './problem.ts';
import schema from './schema.json' with { type: 'json' };
import { shapes } from './shapes.ts';
import { validate as generated } from './validate.generated.ts';

interface SchemaError {
  readonly instancePath: string;
  readonly schemaPath: string;
  readonly keyword: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly message?: string;
}

const validate = generated as unknown as { (data: unknown): boolean; errors: readonly SchemaError[] | null };

/** The document as a policy, or everything that is wrong with its shape. */
export function shapeOf(
  raw: unknown,
): { readonly policy: AirgapPolicy } | { readonly problems: readonly PolicyProblem[] } {
  if (validate(raw)) return { policy: raw as AirgapPolicy };
  const errors = validate.errors ?? [];
  // Of a value of the wrong type nothing more can be said.
  const mistyped = new Set(errors.filter(({ keyword }) => keyword === 'type').map(({ instancePath }) => instancePath));
  const telling = errors.filter(({ keyword, instancePath }) => keyword === 'type' || !mistyped.has(instancePath));
  return { problems: telling.map((error) => problemOf(raw, error)) };
}

function problemOf(raw: unknown, error: SchemaError): PolicyProblem {
  const path = pathOf(error.instancePath, raw);
  if (error.keyword === 'additionalProperties') {
    const key = String(error.params['additionalProperty']);
    return { path: [...path, key], line: null, message: `unknown key; known here: ${knownKeys(error.schemaPath)}` };
  }
  if (error.keyword === 'required')
    return { path, line: null, message: `${String(error.params['missingProperty'])} is missing` };
  return { path, line: null, message: sentence(error, valueAt(raw, path)) };
}

function sentence(error: SchemaError, value: unknown): string {
  if (error.keyword === 'enum')
    return `is ${describe(value)}; one of ${list(error.params['allowedValues'])} is expected`;
  if (error.keyword === 'type') return `is ${describe(value)}; ${article(String(error.params['type']))} is expected`;
  if (error.schemaPath.startsWith('#/definitions/prefix') && typeof value === 'string') {
    const parsed = parsePrefix(value);
    return parsed.ok ? `the prefix is longer than ${String(error.params['limit'])} characters` : parsed.reason;
  }
  if (error.schemaPath.endsWith('/reason/pattern')) return 'is blank: say why, it is shown to users';
  const [, shape] = /^#\/definitions\/(\w+)\/pattern$/.exec(error.schemaPath) ?? [];
  if (isShape(shape)) return `is ${describe(value)}: ${shapes[shape]}`;
  return overLimit(error, value) ?? error.message ?? 'is not valid';
}

function isShape(name: string | undefined): name is keyof typeof shapes {
  return name !== undefined && Object.hasOwn(shapes, name);
}

function overLimit({ keyword, params }: SchemaError, value: unknown): string | null {
  const limit = String(params['limit']);
  if (typeof value === 'string') return `has ${value.length} characters; at most ${limit} are allowed`;
  if (keyword === 'minItems') return 'is empty; at least one is needed';
  const count = typeof value === 'object' && value !== null ? Object.keys(value).length : 0;
  return `has ${count} entries; at most ${limit} are allowed`;
}

/** A JSON pointer as a path; digits are an index only inside a list. */
function pathOf(pointer: string, raw: unknown): (string | number)[] {
  const steps: (string | number)[] = [];
  for (const part of pointer.split('/').slice(1)) {
    const key = part.replaceAll('~1', '/').replaceAll('~0', '~');
    steps.push(Array.isArray(valueAt(raw, steps)) ? Number(key) : key);
  }
  return steps;
}

function valueAt(raw: unknown, path: readonly (string | number)[]): unknown {
  return path.reduce<unknown>((value, step) => (value as Record<string | number, unknown> | undefined)?.[step], raw);
}

/** The keys that the schema has beside the unknown one. */
function knownKeys(schemaPath: string): string {
  const steps = schemaPath.split('/').slice(1, -1);
  const place = steps.reduce<unknown>((value, step) => (value as Record<string, unknown> | undefined)?.[step], schema);
  return Object.keys((place as { properties?: object } | undefined)?.properties ?? {}).join(', ');
}

function describe(value: unknown): string {
  if (typeof value === 'string') return quote(value);
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' && value !== null ? 'an object' : String(value);
}

function article(type: string): string {
  return { array: 'a list', object: 'an object', string: 'a text' }[type] ?? type;
}

function list(values: unknown): string {
  return Array.isArray(values) ? values.join(', ') : '';
}
