import { LineCounter, parseAllDocuments, type Document } from 'yaml';
import { AirgapError, messageOf } from '../../shared/errors.ts';
import { array, record, text as textOf, type Json } from '../../shared/kube/json.ts';
import { lineOf } from '../../shared/yaml-line.ts';
import type { ManifestText } from './manifest-files.ts';

type Path = readonly (string | number)[];

/** An object of a manifest, and where its parts stand in the file. */
export interface ManifestObject {
  readonly file: string;
  readonly object: Json;
  /** The line of what a path inside the object leads to; null where the text is not a file that the user has. */
  readonly line: (path: Path) => number | null;
}

/**
 * The objects of a text of YAML or JSON documents; the elements of a List one by one. What has no kind is no object and
 * is passed over. Throws an `AirgapError` with file and line for what is no YAML.
 */
export function objectsOf({ file, text, lined }: ManifestText): ManifestObject[] {
  const lines = new LineCounter();
  const parsed = parseAllDocuments(text, { lineCounter: lines, prettyErrors: false, stringKeys: true });
  const documents = Array.isArray(parsed) ? parsed : [];
  return documents.flatMap((document) => {
    const raw = record(valueOf(document, file, lines));
    const line = (path: Path): number | null => (lined ? lineOf(document, path, lines) : null);
    return unfold(raw, []).map(({ object, path }) => ({ file, object, line: (inside) => line([...path, ...inside]) }));
  });
}

function unfold(object: Json, path: Path): { object: Json; path: Path }[] {
  const kind = textOf(object['kind']);
  if (kind === undefined) return [];
  if (!kind.endsWith('List') || !Array.isArray(object['items'])) return [{ object, path }];
  return array(object['items']).flatMap((item, index) => unfold(record(item), [...path, 'items', index]));
}

function valueOf(document: Document.Parsed, file: string, lines: LineCounter): unknown {
  const [error] = document.errors;
  if (error !== undefined) throw unreadable(file, lines.linePos(error.pos[0]).line, error.message, error);
  try {
    return document.toJS({ maxAliasCount: 1000 });
  } catch (thrown) {
    throw unreadable(file, lineOf(document, [], lines), messageOf(thrown), thrown);
  }
}

function unreadable(file: string, line: number, why: string, cause: unknown): AirgapError {
  const name = file === '-' ? 'standard input' : file;
  return new AirgapError(
    'input',
    `${name}, line ${line}, is not readable as YAML: ${why}.`,
    'Templates have to be rendered first, as with helm template CHART | kubectl airgap check -f -',
    cause,
  );
}
