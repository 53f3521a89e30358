import { LineCounter, parseAllDocuments } from 'yaml';
import { AirgapError, messageOf } from '../../../shared/errors.ts';
import { record, type Json } from '../../../shared/kube/json.ts';
import { lineOf } from '../../../shared/yaml-line.ts';
import type { Path } from './finding.ts';

export interface ReadDocument {
  readonly value: Json;
  readonly line: (path: Path) => number;
}

/**
 * The documents of a YAML file, with every scalar as the text that stands there: a tag `3.10` is no number. Merge keys
 * are followed, as the Go programs that own these files do. Throws an AirgapError with the line of what is no YAML.
 */
export function readDocuments(text: string, file: string): ReadDocument[] {
  const lines = new LineCounter();
  const parsed = parseAllDocuments(text, {
    lineCounter: lines,
    prettyErrors: false,
    schema: 'failsafe',
    merge: true,
    // Twice the same key is what regsync lets pass, with the last one winning.
    uniqueKeys: false,
    logLevel: 'silent',
  });
  return (Array.isArray(parsed) ? parsed : []).map((document) => {
    const [error] = document.errors;
    if (error !== undefined) throw unreadable(file, lines.linePos(error.pos[0]).line, error.message, error);
    try {
      return {
        value: record(document.toJS({ maxAliasCount: 1000 })),
        line: (path) => lineOf(document, path, lines),
      };
    } catch (thrown) {
      throw unreadable(file, lineOf(document, [], lines), messageOf(thrown), thrown);
    }
  });
}

function unreadable(file: string, line: number, why: string, cause: unknown): AirgapError {
  return new AirgapError(
    'input',
    `${file}, line ${line}, is not readable as YAML: ${why.split('\n')[0]}.`,
    'Mend it there; values that hold {{ have to stand in quotes.',
    cause,
  );
}
