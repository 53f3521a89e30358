import { withoutSecrets } from '../secret-text.ts';

/** A line by which CoreDNS passes questions for a zone on to other name servers. */
export interface Forward {
  readonly zone: string;
  readonly to: readonly string[];
}

/** The lines of a Corefile that pass questions on, without comments; nothing else of it is looked at or recorded. */
export function forwardLines(corefile: string): string[] {
  return corefile.split(/\r?\n/).flatMap((line) => {
    const [, words] = /^\s*((?:forward|proxy)\s+[^#{}]+)/.exec(line) ?? [];
    return words === undefined ? [] : [withoutSecrets(words.trim())];
  });
}

export function readForwards(corefile: string): Forward[] {
  return forwardLines(corefile).flatMap((line) => {
    const [, zone, ...to] = line.split(/\s+/);
    return zone === undefined ? [] : [{ zone, to }];
  });
}
