import type { TableConstructorOptions } from 'cli-table3';

const sides = 'top top-mid top-left top-right bottom bottom-mid bottom-left bottom-right';
const parts = `${sides} left left-mid mid mid-mid right right-mid middle`.split(' ');

/** Columns as kubectl prints them: no lines, two spaces between, colours left to us. */
export const borderless = {
  chars: Object.fromEntries(parts.map((part) => [part, ''])),
  style: { head: [], border: [], 'padding-left': 0, 'padding-right': 2 },
} satisfies TableConstructorOptions;
