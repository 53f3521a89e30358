const longest = 256;
const most = 8192;
const known = new Map<string, string>();

/**
 * The same text, and for a text that was seen lately the very same string. What the objects of a cluster say is mostly
 * repeated (images, nodes, reasons, labels), and each parsed object brings its own copy: keeping one of each is a third
 * of the memory that a large cluster takes. Never changes an answer.
 */
export function interned(text: string): string {
  if (text.length > longest) return text;
  const found = known.get(text);
  if (found !== undefined) return found;
  if (known.size >= most) known.clear();
  known.set(text, text);
  return text;
}
