import { record } from '../kube/json.ts';
import { elementsOf } from '../kube/list.ts';
import { yamlDocuments, type YamlDocument } from '../yaml-documents.ts';
import { compile, type CompiledPolicy } from './compile.ts';
import type { Path, PolicyProblem } from './problem.ts';
import { shapeOf } from './shape.ts';
import { findProblems } from './sound.ts';

export type Loaded<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly problems: readonly PolicyProblem[] };

/** A policy as its file has it, and ready to decide. */
export interface LoadedPolicy {
  readonly document: unknown;
  readonly policy: CompiledPolicy;
}

/** A policy from an object of the cluster, or from a parsed document. */
export function readPolicy(raw: unknown): Loaded<CompiledPolicy> {
  const shape = shapeOf(raw);
  const problems = 'policy' in shape ? findProblems(shape.policy) : shape.problems;
  if (problems.length > 0 || !('policy' in shape)) return { ok: false, problems };
  return { ok: true, value: compile(shape.policy) };
}

/** The policies of a file: YAML or JSON documents, or the List that kubectl prints. Every problem has its line. */
export function loadPolicies(text: string): Loaded<readonly CompiledPolicy[]> {
  const loaded = loadDocuments(text);
  return loaded.ok ? { ok: true, value: loaded.value.map(({ policy }) => policy) } : loaded;
}

/** The same, each with its document. */
export function loadDocuments(text: string): Loaded<readonly LoadedPolicy[]> {
  const found = yamlDocuments(text).flatMap(policiesOf);
  if (found.length === 0) return { ok: false, problems: [{ path: [], line: 1, message: 'the file holds no policy' }] };

  const problems: PolicyProblem[] = [];
  const policies: LoadedPolicy[] = [];
  const lines = new Map<string, number>();
  for (const { loaded, document, line } of found) {
    if (!loaded.ok) {
      problems.push(...loaded.problems);
      continue;
    }
    const { name } = loaded.value;
    const earlier = lines.get(name);
    if (earlier === undefined) {
      lines.set(name, line);
      policies.push({ document, policy: loaded.value });
    } else
      problems.push({
        path: ['metadata', 'name'],
        line,
        message: `${name} is the name of the policy of line ${earlier} too`,
      });
  }
  return problems.length > 0 ? { ok: false, problems } : { ok: true, value: policies };
}

interface Found {
  readonly loaded: Loaded<CompiledPolicy>;
  readonly document: unknown;
  /** Of its name. */
  readonly line: number;
}

function policiesOf(document: YamlDocument): Found[] {
  if (!document.ok) {
    const { line, message } = document;
    const problem = { path: [], line, message: `not readable as YAML: ${message}` };
    return [{ loaded: { ok: false, problems: [problem] }, document: null, line }];
  }
  // What is no List is taken as it is, so that what is wrong with it can be told.
  const elements = elementsOf(record(document.value)) ?? [{ object: document.value, path: [] }];
  return elements.map(({ object, path }) => {
    const line = (inside: Path): number => document.line([...path, ...inside]);
    const found = { document: object, line: line(['metadata', 'name']) };
    const loaded = readPolicy(object);
    if (loaded.ok) return { ...found, loaded };
    const problems = loaded.problems
      .map((problem) => ({ ...problem, path: [...path, ...problem.path], line: line(problem.path) }))
      .toSorted((a, b) => a.line - b.line);
    return { ...found, loaded: { ok: false, problems } };
  });
}
