import { AirgapError } from '../../shared/errors.ts';
import { nearest } from '../nearest.ts';
import type { Check } from './check.ts';

/** The checks of the named categories (all where none is named), or exactly those whose ids are named; throws `usage` for none. */
export function select(
  checks: readonly Check[],
  categories: readonly string[],
  ids: readonly string[],
): readonly Check[] {
  for (const id of ids) {
    if (checks.some((check) => check.id === id)) continue;
    const near = nearest(
      id,
      checks.map((check) => check.id),
    );
    throw new AirgapError(
      'usage',
      `There is no check "${id}".`,
      near === undefined ? 'kubectl airgap explain lists every check.' : `Did you mean "${near}"?`,
    );
  }
  const selected = checks.filter(
    ({ id, category, alsoOf = [] }) =>
      (ids.length === 0 || ids.includes(id)) &&
      (categories.length === 0 || [category, ...alsoOf].some((one) => categories.includes(one))),
  );
  if (selected.length > 0) return selected;
  throw new AirgapError(
    'usage',
    `This release has no ${ids.length === 0 ? 'check' : 'such check'} for ${categories.join(' and ')}.`,
    'kubectl airgap explain lists every check by category.',
  );
}
