import { AirgapError } from '../../shared/errors.ts';
import { record, text as textOf, type Json } from '../../shared/kube/json.ts';
import { elementsOf } from '../../shared/kube/list.ts';
import { yamlDocuments } from '../../shared/yaml-documents.ts';
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
  return yamlDocuments(text).flatMap((document) => {
    if (!document.ok) throw unreadable(file, document.line, document.message);
    const whole = record(document.value);
    const elements = elementsOf(whole) ?? [{ object: whole, path: [] }];
    return elements
      .filter(({ object }) => textOf(object['kind']) !== undefined)
      .map(({ object, path }) => ({
        file,
        object,
        line: (inside) => (lined ? document.line([...path, ...inside]) : null),
      }));
  });
}

function unreadable(file: string, line: number, why: string): AirgapError {
  const name = file === '-' ? 'standard input' : file;
  return new AirgapError(
    'input',
    `${name}, line ${line}, is not readable as YAML: ${why}.`,
    'Templates have to be rendered first, as with helm template CHART | kubectl airgap check -f -',
  );
}
