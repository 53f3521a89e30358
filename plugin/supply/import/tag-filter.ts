import { record, texts, type Json } from '../../../shared/kube/json.ts';

/** What a filter of tags or repositories leaves: names that it says outright, and what only a registry can tell. */
export interface Filtered {
  readonly names: readonly string[];
  /** Clauses that say what is open; empty where the names are all. */
  readonly open: readonly string[];
}

/**
 * Reads `allow`, `deny` and `semverRange` of a filter. An entry of `allow` is a regular expression over the whole name;
 * one without anything but letters, digits and `._-` (with or without a backslash) is a name. `what` names the list.
 */
export function filtered(raw: unknown, what: 'tags' | 'repositories'): Filtered {
  const filter: Json = record(raw);
  const [allow, deny, ranges] = [texts(filter['allow']), texts(filter['deny']), texts(filter['semverRange'])];
  if (ranges.length > 0)
    return { names: [], open: [`the ${what} in the range ${ranges.join(', ')} are known to the registry alone`] };
  if (allow.length === 0)
    return {
      names: [],
      open: [`all ${what}${deny.length > 0 ? ` but ${deny.join(', ')}` : ''} are known to the registry alone`],
    };
  const literal = allow.map((entry) => [entry, nameIn(entry)] as const);
  const named = literal.flatMap(([, name]) => name ?? []);
  const denies = deny.map((entry) => [entry, expression(entry)] as const);
  return {
    names: named.filter((name) => !denies.some(([, pattern]) => pattern?.test(name) === true)),
    open: [
      ...literal.flatMap(([entry, name]) =>
        name === null ? [`which ${what} fit ${entry} is known to the registry alone`] : [],
      ),
      ...denies.flatMap(([entry, pattern]) =>
        pattern === null ? [`whether ${entry} denies one of its ${what} cannot be told here`] : [],
      ),
    ],
  };
}

function nameIn(entry: string): string | null {
  const bare = entry.replace(/^\^/, '').replace(/\$$/, '');
  return /^(?:[\w./-]|\\[.-])+$/.test(bare) ? bare.replaceAll('\\', '') : null;
}

/** Null for what is no regular expression here, as Go's may be. */
function expression(entry: string): RegExp | null {
  try {
    return new RegExp(`^(?:${entry})$`);
  } catch {
    return null;
  }
}
