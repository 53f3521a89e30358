import { LineCounter, isScalar, parseAllDocuments, visit, type Document, type ScalarTag } from 'yaml';
import { quote } from './image/quote.ts';
import { messageOf } from './errors.ts';
import { lineOf } from './yaml-line.ts';

type Path = readonly (string | number)[];

/** A document of a text: its value and the line (from 1) of what a path leads to, or what of it is no YAML and where. */
export type YamlDocument =
  | { readonly ok: true; readonly value: unknown; readonly line: (path: Path) => number }
  | { readonly ok: false; readonly line: number; readonly message: string };

const mostAliases = 1000;

/**
 * The documents of a text of YAML or JSON as kubectl reads them: merge keys are followed, and JSON objects may follow each
 * other without a separator. A key that is there twice is refused, for programs differ in which of the two they take.
 * Documents that hold nothing are left out. Never throws.
 */
export function yamlDocuments(text: string): readonly YamlDocument[] {
  const lines = new LineCounter();
  try {
    const parsed = parseAllDocuments(separated(text), {
      lineCounter: lines,
      prettyErrors: false,
      stringKeys: true,
      merge: true,
      customTags: (tags) => [...tags, binary],
      // The parser would hold each key of a map against all before it, which takes minutes for a large ConfigMap.
      uniqueKeys: false,
      logLevel: 'silent',
    });
    const documents = Array.isArray(parsed) ? parsed : [];
    return documents.filter((document) => !isEmpty(document)).map((document) => read(document, lines));
  } catch (error) {
    return [{ ok: false, line: 1, message: sentenceOf(error) }];
  }
}

/** Nothing but comments, as between two separators; a null that is written is a value. */
function isEmpty({ contents, errors }: Document.Parsed): boolean {
  if (errors.length > 0) return false;
  return contents === null || (isScalar(contents) && contents.value === null && contents.source === '');
}

function read(document: Document.Parsed, lines: LineCounter): YamlDocument {
  const [error] = document.errors;
  if (error !== undefined) return { ok: false, line: lines.linePos(error.pos[0]).line, message: sentenceOf(error) };
  try {
    const twice = repeatedKey(document);
    if (twice !== null)
      return {
        ok: false,
        line: lines.linePos(twice.offset).line,
        message: `the key ${quote(twice.key)} is there twice`,
      };
    const value: unknown = document.toJS({ maxAliasCount: mostAliases });
    return { ok: true, value, line: (path) => lineOf(document, path, lines) };
  } catch (thrown) {
    return { ok: false, line: lineOf(document, [], lines), message: sentenceOf(thrown) };
  }
}

function sentenceOf(error: unknown): string {
  const message = messageOf(error);
  return message.includes('call stack') ? 'it is nested too deeply' : message;
}

function repeatedKey(document: Document.Parsed): { readonly key: string; readonly offset: number } | null {
  let found: { key: string; offset: number } | null = null;
  visit(document, {
    Map: (_, { items }) => {
      const seen = new Set<unknown>();
      for (const { key } of items) {
        if (!isScalar(key) || key.value === '<<') continue;
        if (seen.has(key.value)) {
          found = { key: String(key.value), offset: key.range?.[0] ?? 0 };
          return visit.BREAK;
        }
        seen.add(key.value);
      }
      return undefined;
    },
  });
  return found;
}

/** `jq -c .items[]` prints one object after the other. In JSON a brace follows another, on a new line, only there. */
function separated(text: string): string {
  if (!/^\s*\{/.test(text)) return text;
  return text.replaceAll(/\}(\s+)\{/g, (all, space: string) => {
    const end = space.lastIndexOf('\n') + 1;
    return end === 0 ? all : `}${space.slice(0, end)}--- {`;
  });
}

/** Text that is written in base64, which is text to the API server too. */
const binary: ScalarTag = {
  tag: 'tag:yaml.org,2002:binary',
  resolve: (source, onError) => {
    try {
      return new TextDecoder().decode(
        Uint8Array.from(atob(source.replaceAll(/\s/g, '')), (byte) => byte.charCodeAt(0)),
      );
    } catch {
      onError('!!binary stands before what is no base64');
      return source;
    }
  },
};
