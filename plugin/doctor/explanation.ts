import { AirgapError } from '../../shared/errors.ts';
import { nearest } from '../nearest.ts';
import { families, type CauseId, type Family } from './causes/ids.ts';
import { causes } from './causes/index.ts';
import type { Category } from './check.ts';
import { checks } from './checks/index.ts';
import type { Severity } from './finding.ts';

/** What there is to know of one id; the document that `explain ID -o json` prints. */
export type Explanation = ExplainedCause | ExplainedCheck;

export interface ExplainedCause {
  readonly apiVersion: 'airgap.dev/v1alpha1';
  readonly kind: 'Explanation';
  readonly of: 'cause';
  readonly id: CauseId;
  readonly family: Family;
  readonly title: string;
  readonly severity: Severity;
  readonly owner: string;
  readonly explanation: string;
  readonly confirm: readonly string[];
  /** With names in capitals where a report has the real ones. */
  readonly remedy: readonly string[];
  readonly example: string | null;
}

export interface ExplainedCheck {
  readonly apiVersion: 'airgap.dev/v1alpha1';
  readonly kind: 'Explanation';
  readonly of: 'check';
  readonly id: string;
  readonly category: Category;
  readonly title: string;
  readonly explanation: string;
  /** What it reads of the cluster. */
  readonly needs: readonly string[];
}

const header = { apiVersion: 'airgap.dev/v1alpha1', kind: 'Explanation' } as const;

/** Every check in the order of the report, then every cause by family. */
export function explanations(): readonly Explanation[] {
  const ofChecks = checks.map(({ id, category, title, explanation, needs, wants }): ExplainedCheck => {
    return { ...header, of: 'check', id, category, title, explanation, needs: [...needs, ...(wants ?? [])] };
  });
  const ofCauses = (Object.keys(families) as Family[]).flatMap((family) =>
    families[family]
      .filter((id) => id in causes)
      .map((id): ExplainedCause => {
        const { title, severity, owner, explanation, confirm, remedy, example } = causes[id];
        const text = { explanation, confirm, remedy: remedy({}), example: example ?? null };
        return { ...header, of: 'cause', id, family, title, severity, owner, ...text };
      }),
  );
  return [...ofChecks, ...ofCauses];
}

/** The explanation of an id, however its letters are written; throws `usage` with the nearest id. */
export function explain(id: string): Explanation {
  const all = explanations();
  const found = all.find((one) => one.id.toLowerCase() === id.toLowerCase());
  if (found !== undefined) return found;
  const near = nearest(
    id,
    all.map((one) => one.id),
  );
  throw new AirgapError(
    'usage',
    `There is no check and no cause "${id}".`,
    near === undefined ? 'kubectl airgap explain lists them all.' : `Did you mean "${near}"?`,
  );
}
