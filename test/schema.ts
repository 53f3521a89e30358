import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Ajv, type AnySchemaObject, type ValidateFunction } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';

const root = path.resolve(import.meta.dirname, '..');
const options = { allErrors: true, allowUnionTypes: true, strictTypes: false };
/** Made and compiled once in a process, because that takes longer than most tests. */
const compilers = new Map<string, Ajv>();
const compiled = new Map<string, ValidateFunction>();

/** Whether a document fits a schema of this repository, such as `schemas/check-report.schema.json`. */
export function schemaIn(file: string): ValidateFunction {
  const known = compiled.get(file);
  if (known !== undefined) return known;
  const schema = JSON.parse(readFileSync(path.join(root, file), 'utf8')) as AnySchemaObject;
  const validate = compilerOf(String(schema['$schema'])).compile(schema);
  compiled.set(file, validate);
  return validate;
}

/** Fails with what is wrong where a document does not fit. */
export function assertFits(file: string, document: unknown): void {
  const validate = schemaIn(file);
  assert.ok(validate(document), JSON.stringify(validate.errors));
}

function compilerOf(draft: string): Ajv {
  const known = compilers.get(draft) ?? (draft.includes('2020-12') ? new Ajv2020(options) : new Ajv(options));
  compilers.set(draft, known);
  return known;
}
