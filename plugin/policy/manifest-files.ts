import { execFile } from 'node:child_process';
import type { Stats } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { AirgapError, messageOf } from '../../shared/errors.ts';
import { decodeText, readStream } from '../read-text.ts';

/** Text that holds manifests. `lined`: whether its lines are those of a file that the user has. */
export interface ManifestText {
  readonly file: string;
  readonly text: string;
  readonly lined: boolean;
}

const kustomizations = new Set(['kustomization.yaml', 'kustomization.yml', 'Kustomization']);
const largest = 256 << 20;

export interface ReadOptions {
  readonly stdin: AsyncIterable<Uint8Array>;
  readonly signal: AbortSignal;
  /** `--values`: files for the charts among the folders. */
  readonly values?: readonly string[];
}

/**
 * The manifests that `-f` means: a file, standard input for `-`, a kustomize folder as `kubectl kustomize` renders it,
 * a Helm chart as `helm template` does, with its test hooks, or every YAML and JSON file below a folder, in the order of their names.
 */
export async function readManifests(source: string, io: ReadOptions): Promise<readonly ManifestText[]> {
  if (source === '-') return [{ file: '-', text: await readStream(io.stdin), lined: true }];
  return (await look(source)).isDirectory() ? readFolder(source, io) : [await read(source)];
}

async function readFolder(folder: string, io: ReadOptions): Promise<readonly ManifestText[]> {
  const listed = await reading(folder, async () => readdir(folder, { withFileTypes: true }));
  const entries = listed.sort((a, b) => (a.name < b.name ? -1 : 1));
  if (entries.some(({ name }) => kustomizations.has(name)))
    return [{ file: folder, text: await kustomize(folder, io.signal), lined: false }];
  if (entries.some(({ name }) => name === 'Chart.yaml'))
    return [{ file: folder, text: await helmTemplate(folder, io), lined: false }];
  const found: ManifestText[] = [];
  for (const entry of entries) {
    const inside = path.join(folder, entry.name);
    if (entry.isDirectory()) found.push(...(await readFolder(inside, io)));
    // Links to folders are not followed, as kubectl does not, and a pipe would never end.
    else if (/\.(ya?ml|json)$/i.test(entry.name) && (await look(inside)).isFile()) found.push(await read(inside));
  }
  return found;
}

async function read(file: string): Promise<ManifestText> {
  if ((await look(file)).size > largest)
    throw new AirgapError('input', `${file} is larger than 256 MiB.`, 'Check the path after -f.');
  return { file, text: decodeText(await reading(file, async () => readFile(file)), file), lined: true };
}

const look = async (path: string): Promise<Stats> => reading(path, async () => stat(path));

async function reading<T>(path: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    throw new AirgapError('input', `${path} cannot be read: ${messageOf(error)}.`, 'Check the path after -f.', error);
  }
}

function kustomize(folder: string, signal: AbortSignal): Promise<string> {
  return render(['kubectl', 'kustomize', place(folder)], folder, signal, {
    what: 'a kustomize folder',
    otherwise: 'Install kubectl, or pass what kustomize printed with -f -.',
  });
}

/** A folder whose name begins with a dash is no flag: one of helm's runs a program. */
const place = (folder: string): string => (path.isAbsolute(folder) ? folder : `.${path.sep}${folder}`);

function helmTemplate(folder: string, { signal, values = [] }: ReadOptions): Promise<string> {
  const files = values.flatMap((file) => ['--values', file]);
  return render(['helm', 'template', 'release', place(folder), ...files], folder, signal, {
    what: 'a Helm chart',
    otherwise: `Install helm, or pass what helm template ${folder} prints elsewhere with -f -.`,
  });
}

async function render(
  [program = '', ...args]: readonly string[],
  folder: string,
  signal: AbortSignal,
  { what, otherwise }: { readonly what: string; readonly otherwise: string },
): Promise<string> {
  try {
    const { stdout } = await promisify(execFile)(program, args, { maxBuffer: largest, signal });
    return stdout;
  } catch (error) {
    const { code, stderr } = error as { code?: unknown; stderr?: unknown };
    if (code === 'ENOENT')
      throw new AirgapError(
        'input',
        `${folder} is ${what}, and there is no ${program} to render it.`,
        otherwise,
        error,
      );
    const said = typeof stderr === 'string' && stderr.trim() !== '' ? stderr.trim() : messageOf(error);
    const line = [program, ...args].join(' ');
    throw new AirgapError('input', `${line} failed: ${said}`, `Mend ${folder} until that command renders it.`, error);
  }
}
