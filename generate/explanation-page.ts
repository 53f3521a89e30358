import type { Explanation } from '../plugin/doctor/explanation.ts';

const origin = '<!-- Made from what "kubectl airgap explain" prints, by "npm run generate". -->';

/** The page of a check or a cause: the text that `explain ID` prints. */
export function explanationPage(one: Explanation): string {
  const section = (title: string, lines: readonly string[]): string[] =>
    lines.length === 0 ? [] : [`## ${title}`, '', ...lines];
  const facts =
    one.of === 'cause'
      ? `Cause \`${one.id}\` of the family \`${one.family}\`; severity: ${one.severity}; to be cured by: ${one.owner}.`
      : `Check \`${one.id}\` of the category \`${one.category}\`; reads ${one.needs.map((kind) => `\`${kind}\``).join(', ')}.`;
  return [
    origin,
    `# ${prose(sentence(one.title))}`,
    '',
    facts,
    '',
    prose(one.explanation),
    '',
    ...(one.of === 'cause'
      ? [
          ...section('How it looks', one.example === null ? [] : block('text', [one.example])),
          ...section('Confirm it by hand', steps(one.confirm)),
          ...section('Cure it', steps(one.remedy)),
          'In a report the real names stand in place of the words in capitals.',
          '',
        ]
      : section('Run it alone', block('sh', [`kubectl airgap doctor --check ${one.id}`]))),
  ].join('\n');
}

/** A table of all pages of one kind, in the order of the program. */
export function explanationIndex(title: string, all: readonly Explanation[]): string {
  const rows = all.map((one) => {
    const group = one.of === 'cause' ? one.family : one.category;
    return `| [\`${one.id}\`](${one.id}.md) | ${group} | ${prose(one.title).replaceAll('|', '\\|')} |`;
  });
  const head = `| id | ${all[0]?.of === 'cause' ? 'family' : 'category'} | what it says |`;
  return [origin, `# ${title}`, '', head, '|---|---|---|', ...rows, ''].join('\n');
}

/** Prose as paragraphs; commands that follow each other as one block. */
function steps(lines: readonly string[]): string[] {
  const out: string[] = [];
  let commands: string[] = [];
  const flush = (): void => {
    if (commands.length > 0) out.push(...block('sh', commands));
    commands = [];
  };
  for (const line of lines) {
    if (line.startsWith('$ ')) commands.push(line.slice(2));
    else {
      flush();
      out.push(prose(line), '');
    }
  }
  flush();
  return out;
}

function block(language: string, lines: readonly string[]): string[] {
  return [`\`\`\`${language}`, ...lines, '```', ''];
}

/** What Markdown would take for markup, outside of code, is escaped. */
function prose(text: string): string {
  return text
    .split(/(`[^`]*`)/)
    .map((part, index) => (index % 2 === 1 ? part : part.replaceAll(/[\\*_<>[\]]/g, String.raw`\$&`)))
    .join('');
}

function sentence(title: string): string {
  return title.charAt(0).toUpperCase() + title.slice(1);
}
