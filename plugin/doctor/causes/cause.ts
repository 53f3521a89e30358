import type { Facts, Severity } from '../finding.ts';
import { shell } from '../shell.ts';

/**
 * One entry of the public list of causes. Everything a person reads of a cause stands here: the report's summary and
 * remedy, `explain ID`, and the page in docs/causes are made from it.
 */
export interface Cause {
  /** A noun phrase, as a heading: "the certificate of the registry has expired". */
  readonly title: string;
  readonly severity: Severity;
  /** Who can cure it: "registry administrator", "node administrator", "author of the manifest"… */
  readonly owner: string;
  /** One sentence with the real names in it. */
  readonly summary: (facts: Facts) => string;
  /** Steps in order; a line that is a command starts with "$ " and can be pasted as it is. */
  readonly remedy: (facts: Facts) => readonly string[];
  /** What it means and how it comes about, in two to six sentences; for a reader with no other source at hand. */
  readonly explanation: string;
  /** How to confirm it by hand, one step a line, commands as in `remedy`. */
  readonly confirm: readonly string[];
  /** One real or source-derived message that has this cause; absent where there is no message (a date, a missing object). */
  readonly example?: string;
}

/** The fact, or its name in capitals where it is not known, so that a pasted command fails visibly instead of wrongly. */
export function fact(facts: Facts, name: string): string {
  return facts[name] ?? name.toUpperCase();
}

/** The fact as one word of a command: names come from objects that anybody may have written. */
export function word(facts: Facts, name: string): string {
  return shell(fact(facts, name));
}
