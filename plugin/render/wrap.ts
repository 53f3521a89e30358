/**
 * Breaks text at spaces into lines of at most `width` columns. A word that is longer than a line (an image reference, a
 * path) stays whole, because a broken one can be neither searched nor copied. Line breaks in the text are kept; a no-break
 * space joins two words and is printed as a space.
 */
export function wrap(text: string, width: number): string[] {
  return text.split('\n').flatMap((paragraph) => {
    const lines: string[] = [];
    let line = '';
    let taken = 0;
    for (const word of paragraph.split(' ')) {
      const columns = columnsOf(word);
      if (line !== '' && taken + 1 + columns <= width) {
        line += ` ${word}`;
        taken += 1 + columns;
        continue;
      }
      if (line !== '') lines.push(line);
      line = word;
      taken = columns;
    }
    return [...lines, line].map((wrapped) => wrapped.replaceAll('\u00A0', ' '));
  });
}

/** Columns that text takes on a terminal; East Asian wide characters and emoji take two. */
export function columnsOf(text: string): number {
  if (/^[ -~]*$/.test(text)) return text.length;
  let columns = 0;
  for (const { segment } of segments.segment(text)) columns += wide.test(segment) ? 2 : 1;
  return columns;
}

const segments = new Intl.Segmenter('en', { granularity: 'grapheme' });
const wide =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation}/u;
