export type Path = readonly (string | number)[];

/** Why a policy is refused. `path` leads to the place in the document; `line` (from 1) is known for files only. */
export interface PolicyProblem {
  readonly path: Path;
  readonly line: number | null;
  readonly message: string;
}

/** A path as people write it: `spec.mirrors[0].sourcePrefix`. */
export function printPath(path: Path): string {
  return path.map((step, index) => (typeof step === 'number' ? `[${step}]` : index === 0 ? step : `.${step}`)).join('');
}

/** `policy.yaml:7: spec.mirrors[0].sourcePrefix: …`, with what of it is known. */
export function printProblem(source: string, problem: PolicyProblem): string {
  const where = problem.line === null ? source : `${source}:${problem.line}`;
  return [where, printPath(problem.path), problem.message].filter((part) => part !== '').join(': ');
}
