import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import { AirgapError, messageOf } from '../../shared/errors.ts';
import { array, record, text, type Json } from '../../shared/kube/json.ts';

/** A kubeconfig as kubectl merges it: of entries with the same name the first file's counts. */
export interface Kubeconfig {
  readonly currentContext: string;
  readonly contexts: ReadonlyMap<string, Entry>;
  readonly clusters: ReadonlyMap<string, Entry>;
  readonly users: ReadonlyMap<string, Entry>;
  readonly files: readonly string[];
}

interface Entry {
  readonly file: string;
  /** The entry itself, with its file names made absolute. */
  readonly body: Json;
}

/** File names in a kubeconfig are relative to the folder it lies in. */
const fileFields = ['certificate-authority', 'client-certificate', 'client-key', 'tokenFile'];

/**
 * Reads and merges kubeconfig files in kubectl's order: `--kubeconfig` alone, else each of KUBECONFIG that exists, else
 * `~/.kube/config`. Undefined where there is none.
 */
export function readKubeconfig(
  flag: string | undefined,
  environment: Readonly<Record<string, string | undefined>>,
): Kubeconfig | undefined {
  const listed = (environment['KUBECONFIG'] ?? '').split(path.delimiter).filter((file) => file !== '');
  const home = environment['HOME'] ?? environment['USERPROFILE'];
  const files =
    flag !== undefined
      ? [flag]
      : listed.length > 0
        ? [...new Set(listed)]
        : home === undefined
          ? []
          : [path.join(home, '.kube', 'config')];
  const merged = {
    currentContext: '',
    contexts: new Map<string, Entry>(),
    clusters: new Map<string, Entry>(),
    users: new Map<string, Entry>(),
    files: [] as string[],
  };
  for (const file of files) {
    const config = readOne(file, flag !== undefined);
    if (config === undefined) continue;
    merged.files.push(file);
    if (merged.currentContext === '') merged.currentContext = text(config['current-context']) ?? '';
    for (const [list, member] of [
      ['contexts', 'context'],
      ['clusters', 'cluster'],
      ['users', 'user'],
    ] as const)
      for (const entry of array(config[list]).map(record)) {
        const name = text(entry['name']);
        if (name !== undefined && !merged[list].has(name))
          merged[list].set(name, { file, body: absolute(record(entry[member]), path.dirname(path.resolve(file))) });
      }
  }
  return merged.files.length === 0 ? undefined : merged;
}

function readOne(file: string, required: boolean): Json | undefined {
  let content: string;
  try {
    content = readFileSync(file, 'utf8');
  } catch (error) {
    const missing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    if (missing && !required) return undefined;
    throw new AirgapError(
      'input',
      missing ? `There is no kubeconfig at ${file}.` : `The kubeconfig ${file} cannot be read: ${messageOf(error)}.`,
      'Name another one with --kubeconfig or KUBECONFIG.',
      error,
    );
  }
  try {
    const config: unknown = parse(content);
    if (config === null) return {};
    if (typeof config === 'object' && !Array.isArray(config)) return config as Json;
  } catch (error) {
    const line = messageOf(error).split('\n')[0] ?? '';
    throw new AirgapError(
      'input',
      `The kubeconfig ${file} is not YAML: ${line}`,
      `Check it with: kubectl config view --kubeconfig ${file}`,
      error,
    );
  }
  throw new AirgapError(
    'input',
    `The file ${file} is not a kubeconfig.`,
    'Name another one with --kubeconfig or KUBECONFIG.',
  );
}

function absolute(body: Json, folder: string): Json {
  const out: Record<string, unknown> = { ...body };
  for (const field of fileFields) {
    const file = text(body[field]);
    if (file !== undefined) out[field] = path.resolve(folder, file);
  }
  const exec = record(body['exec']);
  const command = text(exec['command']);
  // As kubectl does: a bare name is looked up in the PATH, anything with a separator is relative to the kubeconfig.
  if (command !== undefined && command.includes('/')) out['exec'] = { ...exec, command: path.resolve(folder, command) };
  return out;
}
