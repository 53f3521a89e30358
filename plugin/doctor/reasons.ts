/**
 * Reasons why something was not seen, in one clause: each once, and those that differ in their last word alone, which
 * names what was not seen, as one.
 */
export function reasons(all: readonly string[]): string {
  const byStart = Map.groupBy(new Set(all), (reason) => reason.slice(0, reason.lastIndexOf(' ')));
  return [...byStart]
    .map(([start, [first = '', ...rest]]) =>
      [first, ...rest.map((reason) => reason.slice(start.length + 1))].join(', '),
    )
    .join('; ');
}
