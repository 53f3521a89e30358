import type { CauseId } from '../causes/ids.ts';
import { content } from './tails/content.ts';
import { credentials } from './tails/credentials.ts';
import { node } from './tails/node.ts';
import { notImage } from './tails/not-image.ts';
import { signatures } from './tails/signatures.ts';
import { status } from './tails/status.ts';
import { transport } from './tails/transport.ts';

/**
 * One sign of a cause in the innermost text, in which quoted names stand as `"<ref>"`, URLs as `<url>`. More than one
 * cause where programs print the same for both. Named groups become facts.
 */
export interface Tail {
  readonly causes: readonly [CauseId, ...CauseId[]];
  readonly text: RegExp;
}

/** What the innermost text says. */
export interface Sign {
  readonly causes: readonly [CauseId, ...CauseId[]];
  readonly facts: Readonly<Record<string, string>>;
}

/**
 * Tried in this order, the first that fits decides: what names its fault outright comes before what can follow from
 * several (a full disk also ends an extraction, a body that ends early also follows a reset).
 */
const tails: readonly Tail[] = [...node, ...signatures, ...content, ...credentials, ...transport, ...status];

/** Whether a masked text is of another program that only speaks of the same things. */
export function isOfAnother(text: string): boolean {
  return notImage.some((pattern) => pattern.test(text));
}

/** The first sign in a masked text; undefined where the text says nothing that is known. */
export function signIn(text: string): Sign | undefined {
  for (const tail of tails) {
    const match = tail.text.exec(text);
    if (match === null) continue;
    const facts: Record<string, string> = {};
    for (const [name, value] of Object.entries(match.groups ?? {})) if (value !== undefined) facts[name] = value;
    return { causes: tail.causes, facts };
  }
  return undefined;
}
