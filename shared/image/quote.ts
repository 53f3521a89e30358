const longest = 120;

/** A string of unknown origin for a message: in quotes, control characters escaped, cut where it is long. */
export function quote(text: string): string {
  return JSON.stringify(text.length > longest ? `${text.slice(0, longest)}…` : text);
}
