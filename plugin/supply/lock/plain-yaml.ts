/**
 * Reads the plain part of YAML that a lock is written in (block maps and lists, one value a line) at a hundredth of what
 * the whole language costs. Null for every text that has anything else in it, sound or not: that is for a whole parser
 * to read. What is read is what that parser reads.
 */
export function readPlainYaml(text: string): { readonly value: unknown } | null {
  const lines: Line[] = [];
  for (const written of text.split('\n')) {
    const content = written.trimStart();
    if (content === '' || content.startsWith('#')) {
      if (/[^ ]/.test(written.slice(0, written.length - content.length))) return null;
      continue;
    }
    if (!printable.test(written)) return null;
    lines.push({ indent: written.length - content.length, content });
  }
  const reader = { lines, at: 0 };
  try {
    const value = block(reader, 0);
    return reader.at === lines.length ? { value } : null;
  } catch (error) {
    if (error === notPlain) return null;
    throw error;
  }
}

interface Line {
  readonly indent: number;
  readonly content: string;
}

interface Reader {
  readonly lines: Line[];
  at: number;
}

/** Thrown and caught in this file only. */
const notPlain = new Error('not plain');
const printable = /^[ -~]*[!-~]$/;
/** Names, references, digests, paths, places: nothing here has a meaning of its own in a block. */
const plainText = /^[A-Za-z/][\w./:@+*()[\], =-]*$/;
const words = /^(?:null|true|false|yes|no|on|off|y|n)$/i;

function block(reader: Reader, least: number): unknown {
  const line = reader.lines[reader.at];
  if (line === undefined || line.indent < least) throw notPlain;
  return line.content.startsWith('- ') ? list(reader, line.indent) : map(reader, line.indent);
}

function list(reader: Reader, indent: number): unknown[] {
  const items: unknown[] = [];
  for (;;) {
    const line = reader.lines[reader.at];
    if (line === undefined || line.indent < indent) return items;
    if (line.indent > indent || !line.content.startsWith('- ')) throw notPlain;
    const content = line.content.slice(2);
    if (keyEnd(content) < 0) {
      reader.at += 1;
      items.push(scalar(content));
    } else {
      // The first member stands beside the dash, the others below it.
      reader.lines[reader.at] = { indent: indent + 2, content };
      items.push(map(reader, indent + 2));
    }
  }
}

function map(reader: Reader, indent: number): Record<string, unknown> {
  const members: Record<string, unknown> = {};
  for (;;) {
    const line = reader.lines[reader.at];
    if (line === undefined || line.indent < indent) return members;
    const end = keyEnd(line.content);
    if (line.indent > indent || end < 0) throw notPlain;
    const key = line.content.slice(0, end);
    if (!isPlainText(key) || key === '__proto__' || Object.hasOwn(members, key)) throw notPlain;
    reader.at += 1;
    const rest = line.content.slice(end + 2);
    members[key] = end + 1 === line.content.length ? block(reader, indent + 1) : scalar(rest);
  }
}

/** Where the colon of `key: value` or `key:` is; -1 where the line is a value alone. */
function keyEnd(content: string): number {
  const colon = content.indexOf(': ');
  if (colon >= 0) return colon;
  return content.endsWith(':') ? content.length - 1 : -1;
}

function scalar(content: string): unknown {
  if (isPlainText(content)) return content;
  if (/^(?:0|[1-9]\d{0,14})$/.test(content)) return Number(content);
  // No number has a slash in it.
  if (/^\d[\w.:@-]*\/[\w./:@-]*$/.test(content) && !content.endsWith(':')) return content;
  if (content === 'null') return null;
  if (content === '[]') return [];
  if (content === '{}') return {};
  if (/^"(?:[^"\\]|\\["\\/])*"$/.test(content)) return JSON.parse(content);
  throw notPlain;
}

function isPlainText(content: string): boolean {
  return plainText.test(content) && !words.test(content) && !content.includes(': ') && !content.endsWith(':');
}
