import { globalFlags } from '../commands/flags.ts';
import type { Command, Flag, Flags } from '../commands/command.ts';
import { wrap } from './wrap.ts';

/** Help is laid out once for all terminals, so that it can be made when the program is built. */
const width = 80;

/** The page for a command, or for the whole tree when the path is empty. */
export function helpText(path: readonly Command[], commands: readonly Command[]): string {
  const command = path.at(-1);
  const name = ['kubectl airgap', ...path.map(({ name }) => name)].join(' ');
  const paragraphs = command === undefined ? overview : [`${command.describe}.`, ...(command.details ?? [])];
  const children = command === undefined ? commands : (command.subcommands ?? []);
  const own = command?.flags ?? {};
  const sections = [
    paragraphs.map((paragraph) => wrap(paragraph, width).join('\n')).join('\n\n'),
    section('Usage', usage(name, command)),
    section(
      'Examples',
      (command?.examples ?? topExamples).flatMap(([what, line]) => [`# ${what}`, line, '']).slice(0, -1),
    ),
    command?.operand === undefined
      ? ''
      : section('Arguments', columns([[command.operand.name, operandText(command.operand)]])),
    section('Commands', columns(children.map((child) => [child.name, child.describe]))),
    ...groupsOf({ ...own, ...globalFlags }).map(([title, flags]) => section(title, flagLines(flags))),
    children.length === 0 ? '' : `Use "${name} COMMAND --help" for more about a command.`,
  ];
  return `${sections.filter((text) => text !== '').join('\n\n')}\n`;
}

const overview = [
  'Diagnosis, image policy and supply chain for Kubernetes with little or no internet.',
  'It talks to the API server of your kubeconfig, to the registries that you name, and to nothing else; only "doctor certs" also looks at the certificates that the nodes of the cluster show.',
];

const topExamples: Command['examples'] = [
  ['What is wrong in this cluster?', 'kubectl airgap doctor'],
  ['The same on a recording of a cluster that cannot be reached from here', 'kubectl airgap doctor --from dump.tar.gz'],
  ['What does a finding mean, and how is it cured?', 'kubectl airgap explain tls-unknown-authority'],
];

function usage(name: string, command: Command | undefined): string[] {
  const operand = command?.operand;
  const shown = operand === undefined ? '' : `${operand.name.toUpperCase()}${operand.many ? '...' : ''}`;
  const lines = [`${name}${shown === '' ? '' : operand?.required === true ? ` ${shown}` : ` [${shown}]`} [flags]`];
  if (command === undefined) return [`${name} COMMAND [flags]`];
  return (command.subcommands?.length ?? 0) > 0 ? [...lines, `${name} COMMAND [flags]`] : lines;
}

function operandText(operand: NonNullable<Command['operand']>): string {
  return operand.choices === undefined ? operand.describe : `${operand.describe}: ${operand.choices.join(', ')}`;
}

function groupsOf(flags: Flags): [string, [string, Flag][]][] {
  const groups = new Map<string, [string, Flag][]>();
  for (const [name, flag] of Object.entries(flags)) {
    const title = flag.group ?? 'Flags';
    groups.set(title, [...(groups.get(title) ?? []), [name, flag]]);
  }
  return [...groups];
}

function flagLines(flags: readonly [string, Flag][]): string[] {
  return columns(
    flags.map(([name, flag]) => [
      `${flag.short === undefined ? '    ' : `-${flag.short}, `}--${name}${flag.type === 'boolean' ? '' : ` ${flag.value ?? 'VALUE'}`}`,
      [
        flag.describe,
        flag.choices === undefined ? '' : `: ${flag.choices.join(', ')}`,
        flag.default === undefined ? '' : ` (default ${flag.default})`,
      ].join(''),
    ]),
  );
}

function section(title: string, lines: readonly string[]): string {
  return lines.length === 0 ? '' : `${title}:\n${lines.map((line) => (line === '' ? '' : `  ${line}`)).join('\n')}`;
}

/** Two columns, the right one wrapped; a left side that is too long gets a line of its own. */
function columns(rows: readonly (readonly [string, string])[]): string[] {
  const left = Math.min(Math.max(0, ...rows.map(([name]) => name.length)), 30) + 2;
  return rows.flatMap(([name, text]) => {
    const [first = '', ...rest] = wrap(text, width - left - 2);
    const indent = ' '.repeat(left);
    const head = name.length + 2 > left ? [name, `${indent}${first}`] : [`${name.padEnd(left)}${first}`];
    return [...head, ...rest.map((line) => `${indent}${line}`)];
  });
}
