import type { CauseId } from './causes/ids.ts';

export type Severity = 'error' | 'warning';

/** certain: the evidence allows nothing else; likely: it fits best, and the evidence says what would decide; guess. */
export type Confidence = 'certain' | 'likely' | 'guess';

/** Where in a pod the image belongs. */
export type Scope = 'container' | 'init' | 'ephemeral' | 'sandbox' | 'volume';

export interface ObjectRef {
  readonly kind: string;
  readonly namespace?: string;
  readonly name: string;
  readonly container?: string;
  /** The node of a Pod: where an operator has to look. */
  readonly node?: string;
}

/**
 * Names and values that the text of a cause fills in: `image`, `host`, `namespace`, `pod`, `node`, `secret`, `expires`…
 * Each cause says in its own entry which ones it uses; a missing one is printed as a placeholder in capitals.
 */
export type Facts = Readonly<Record<string, string>>;

/**
 * What a check found: a code and its arguments, never prose. The sentences come from the cause's entry when a report is
 * laid out, so that JSON users never parse English and a wording can change without touching a check.
 */
export interface Finding {
  readonly cause: CauseId;
  /** Default: the cause's own severity. */
  readonly severity?: Severity;
  readonly confidence: Confidence;
  readonly scope?: Scope;
  readonly image?: string;
  readonly host?: string;
  readonly facts: Facts;
  /** Verbatim lines that led to the verdict (messages, dates, conditions), already free of secrets. */
  readonly evidence: readonly string[];
  readonly objects: readonly ObjectRef[];
}
