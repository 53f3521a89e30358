/** Control characters as escapes, so that a name can neither end a line nor steer a terminal. */
export function oneLine(text: string): string {
  if (!/\p{Cc}/u.test(text)) return text;
  const escaped = (control: string): string =>
    String.raw`\x${(control.codePointAt(0) ?? 0).toString(16).padStart(2, '0')}`;
  return text.replaceAll('\\', String.raw`\\`).replaceAll(/\p{Cc}/gu, escaped);
}

/** One shell word on one line; names come from messages that anybody can write, and the command is made to be pasted. */
export function shell(word: string): string {
  if (/\p{Cc}/u.test(word)) return `$'${oneLine(word).replaceAll("'", String.raw`\'`)}'`;
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
