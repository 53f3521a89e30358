/** Puts a section in place of the one with the same heading, or at the end. */
export function putSection(document: string, section: string): string {
  const [head = '', ...sections] = document.split(/^(?=## )/m);
  const heading = (part: string): string => part.slice(0, part.indexOf('\n'));
  const at = sections.findIndex((part) => heading(part) === heading(section));
  const put = at < 0 ? [...sections, section] : sections.with(at, section);
  return `${[head, ...put].map((part) => part.trimEnd()).join('\n\n')}\n`;
}
