import { LineCounter, parseAllDocuments, type Document } from 'yaml';
import { lineOf } from '../yaml-line.ts';
import { compile, type CompiledPolicy } from './compile.ts';
import type { Path, PolicyProblem } from './problem.ts';
import { shapeOf } from './shape.ts';
import { findProblems } from './sound.ts';

export type Loaded<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly problems: readonly PolicyProblem[] };

/** A policy from an object of the cluster, or from a parsed document. */
export function readPolicy(raw: unknown): Loaded<CompiledPolicy> {
  const shape = shapeOf(raw);
  const problems = 'policy' in shape ? findProblems(shape.policy) : shape.problems;
  if (problems.length > 0 || !('policy' in shape)) return { ok: false, problems };
  return { ok: true, value: compile(shape.policy) };
}

/** The policies of a file: one or more YAML (or JSON) documents. Every problem has its line. */
export function loadPolicies(text: string): Loaded<readonly CompiledPolicy[]> {
  const lines = new LineCounter();
  const parsed = parseAllDocuments(text, { lineCounter: lines, prettyErrors: false, stringKeys: true });
  const documents = Array.isArray(parsed) ? parsed.filter((document) => document.contents !== null) : [];
  if (documents.length === 0) return refused([], 1, 'the file holds no policy');

  const problems: PolicyProblem[] = [];
  const policies: CompiledPolicy[] = [];
  for (const document of documents) {
    const loaded = loadDocument(document, lines);
    if (loaded.ok) policies.push(loaded.value);
    else problems.push(...loaded.problems);
  }
  return problems.length > 0 ? { ok: false, problems } : { ok: true, value: policies };
}

function loadDocument(document: Document.Parsed, lines: LineCounter): Loaded<CompiledPolicy> {
  const [error] = document.errors;
  if (error !== undefined)
    return refused([], lines.linePos(error.pos[0]).line, `not readable as YAML: ${error.message}`);
  let raw: unknown;
  try {
    raw = document.toJS({ maxAliasCount: 100 });
  } catch (thrown) {
    return refused([], lineOf(document, [], lines), `not readable as YAML: ${(thrown as Error).message}`);
  }
  const loaded = readPolicy(raw);
  if (loaded.ok) return loaded;
  return {
    ok: false,
    problems: loaded.problems.map((problem) => ({ ...problem, line: lineOf(document, problem.path, lines) })),
  };
}

const refused = (path: Path, line: number, message: string): Loaded<never> => ({
  ok: false,
  problems: [{ path, line, message }],
});
