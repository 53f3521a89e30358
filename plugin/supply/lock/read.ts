import { parseDocument } from 'yaml';
import { AirgapError } from '../../../shared/errors.ts';
import { parseReference } from '../../../shared/image/reference.ts';
import { record, text } from '../../../shared/kube/json.ts';
import type { Lock } from './document.ts';
import { whyNoPlace } from './files.ts';
import { readPlainYaml } from './plain-yaml.ts';
import { validate as generated } from './validate.generated.ts';

interface SchemaError {
  readonly instancePath: string;
  readonly message?: string;
}

const validate = generated as unknown as { (data: unknown): boolean; errors: readonly SchemaError[] | null };

/**
 * Reads a lock. Throws an AirgapError (`input`) for what is no lock, is of another version, or names an image that is
 * no reference: names become paths and arguments later, so nothing passes here that the grammar does not allow.
 */
export function readLock(content: string, file: string): Lock {
  const value = (readPlainYaml(content) ?? readWholeYaml(content, file)).value;
  const [apiVersion, kind] = [text(record(value)['apiVersion']), text(record(value)['kind'])];
  if (kind !== 'ImageLock') throw wrong(file, `its kind is ${kind ?? 'missing'}, not ImageLock`);
  if (apiVersion !== 'airgap.dev/v1alpha1')
    throw new AirgapError(
      'input',
      `The lock ${file} is of version ${apiVersion ?? 'unknown'}, and this program reads airgap.dev/v1alpha1.`,
      'Use the release of kubectl airgap that wrote it, or a newer one.',
    );
  if (!validate(value)) {
    const [error] = validate.errors ?? [];
    throw wrong(file, `${pathOf(error?.instancePath ?? '')} ${error?.message ?? 'is not valid'}`);
  }
  const lock = value as Lock;
  for (const { image, mirror } of lock.images)
    for (const name of [image, ...(mirror === null ? [] : [mirror])]) {
      const parsed = parseReference(name);
      if (!parsed.ok) throw wrong(file, parsed.reason);
    }
  for (const { source } of lock.files ?? []) {
    const astray = whyNoPlace(source);
    if (astray !== null) throw wrong(file, `the path ${source} cannot stand in a lock: ${astray}`);
  }
  return lock;
}

function readWholeYaml(content: string, file: string): { readonly value: unknown } {
  const document = parseDocument(content, { prettyErrors: true });
  const [broken] = document.errors;
  if (broken !== undefined) throw wrong(file, `it is not readable as YAML: ${broken.message.split('\n')[0]}`);
  try {
    return { value: document.toJS({ maxAliasCount: 100 }) };
  } catch (error) {
    throw wrong(file, `it is not readable as YAML: ${(error as Error).message}`);
  }
}

function wrong(file: string, why: string): AirgapError {
  return new AirgapError('input', `${file} is no lock of kubectl airgap: ${why}.`, 'Make it anew: kubectl airgap lock');
}

/** `/images/3/digest` as `images[3].digest`. */
function pathOf(pointer: string): string {
  const path = pointer
    .replaceAll(/\/(\d+)/g, '[$1]')
    .replaceAll('/', '.')
    .replace(/^\./, '');
  return path === '' ? 'the document' : path;
}
