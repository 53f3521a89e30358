import yargs, { type Options } from 'yargs';
import { AirgapError } from '../../shared/errors.ts';
import { nearest } from '../nearest.ts';
import type { Command, Flag, Flags } from './command.ts';
import { globalFlags } from './flags.ts';
import { flagValues, list } from './values.ts';

/** What a command line asks for: a page of help, or a command with its values. */
export type Parsed =
  | { readonly help: true; readonly path: readonly Command[] }
  | {
      readonly help: false;
      readonly command: Command;
      readonly args: Readonly<Record<string, unknown>>;
      readonly colour: boolean | undefined;
    };

/** Reads a command line; throws an `AirgapError` with the code `usage`, one sentence and the nearest match. */
export async function parse(argv: readonly string[], commands: readonly Command[]): Promise<Parsed> {
  let found: { path: readonly Command[]; raw: Raw } | undefined;
  const parser = yargs()
    .help(false)
    .version(false)
    .exitProcess(false)
    .parserConfiguration({
      'boolean-negation': false,
      'camel-case-expansion': false,
      'dot-notation': false,
      'greedy-arrays': false,
      'parse-numbers': false,
      'parse-positional-numbers': false,
    })
    .options(optionsOf(globalFlags))
    .fail((message, error) => {
      throw error ?? new AirgapError('usage', message, 'Run kubectl airgap --help for the list of commands.');
    });
  const add = (tree: typeof parser, path: readonly Command[], siblings: readonly Command[]): typeof parser =>
    siblings.reduce(
      (tree, command) =>
        tree.command(
          command.name,
          false,
          (inner) => add(inner.options(optionsOf(command.flags)), [...path, command], command.subcommands ?? []),
          (raw) => {
            found ??= { path: [...path, command], raw };
          },
        ),
      tree,
    );
  const top = await add(parser, [], commands).parseAsync(separateShortValues(argv, commands));
  const { path, raw } = found ?? { path: [], raw: top };
  return understand(path, raw, commands);
}

type Raw = Readonly<Record<string, unknown>> & { readonly _: readonly (string | number)[] };

function understand(path: readonly Command[], raw: Raw, commands: readonly Command[]): Parsed {
  const words = raw._.map(String).slice(path.length);
  if (path.length === 0 && words[0] === 'help') return { help: true, path: walk(words.slice(1), commands) };
  if (raw['help'] === true) return { help: true, path };
  const asksForVersion = path.length === 0 && words.length === 0 && raw['version'] === true;
  const command = asksForVersion ? commands.find(({ name }) => name === 'version') : path.at(-1);
  if (command === undefined) return withoutCommand(words, raw, commands);
  const where = path.map(({ name }) => ` ${name}`).join('');
  const flags: Flags = { ...command.flags, ...globalFlags };
  refuseUnknownFlags(flags, raw, where, asksForVersion ? ['version'] : []);
  const { color, help: _help, ...values } = flagValues(flags, raw, where);
  return {
    help: false,
    command,
    args: { ...values, operands: operandsOf(command, words, where) },
    colour: color === 'auto' ? undefined : color === 'always',
  };
}

/** No command at all is a request for help; one that there is not, or a flag that none has, is an error. */
function withoutCommand(words: readonly string[], raw: Raw, commands: readonly Command[]): Parsed {
  const [word] = words;
  if (word === undefined) refuseUnknownFlags(globalFlags, raw, '');
  else
    throw unknown(
      'command',
      word,
      commands.map(({ name }) => name),
      '',
    );
  return { help: true, path: [] };
}

function refuseUnknownFlags(flags: Flags, raw: Raw, where: string, also: readonly string[] = []): void {
  const known = new Set([...also, ...Object.entries(flags).flatMap(([name, { short }]) => [name, short ?? name])]);
  for (const name of Object.keys(raw))
    if (name !== '_' && name !== '$0' && !known.has(name))
      throw unknown(
        'flag',
        name.length === 1 ? `-${name}` : `--${name}`,
        [...known].filter((flag) => flag.length > 1).map((flag) => `--${flag}`),
        where,
      );
}

function operandsOf(command: Command, words: readonly string[], where: string): readonly string[] {
  const { operand } = command;
  const hint = `Run kubectl airgap${where} --help for how it is used.`;
  const first = words[0];
  if (operand === undefined) {
    if (first === undefined) return [];
    if (command.subcommands !== undefined)
      throw unknown(
        'command',
        first,
        command.subcommands.map(({ name }) => name),
        where,
      );
    throw new AirgapError('usage', `kubectl airgap${where} takes no argument, but got "${first}".`, hint);
  }
  if (operand.required && first === undefined)
    throw new AirgapError(
      'usage',
      `kubectl airgap${where} needs ${operand.many ? 'at least one' : 'a'} ${operand.name}.`,
      hint,
    );
  if (!operand.many && words.length > 1)
    throw new AirgapError('usage', `kubectl airgap${where} takes one ${operand.name}, but got ${words.length}.`, hint);
  const wrong = words.find((word) => operand.choices !== undefined && !operand.choices.includes(word));
  if (wrong !== undefined)
    throw unknown(operand.name, wrong, operand.choices ?? [], where, `Choose ${list(operand.choices ?? [])}.`);
  return words;
}

/** One sentence and the nearest match, or where to look when nothing is near. */
function unknown(
  what: string,
  word: string,
  candidates: readonly string[],
  where: string,
  otherwise = `Run kubectl airgap${where} --help for what there is.`,
): AirgapError {
  const near = nearest(word, candidates);
  return new AirgapError(
    'usage',
    `There is no ${what} "${word}"${where === '' ? '' : ` in kubectl airgap${where}`}.`,
    near === undefined ? otherwise : `Did you mean "${near}"?`,
  );
}

function walk(words: readonly string[], commands: readonly Command[]): readonly Command[] {
  const [word, ...rest] = words;
  if (word === undefined) return [];
  const next = commands.find(({ name }) => name === word);
  if (next === undefined)
    throw unknown(
      'command',
      word,
      commands.map(({ name }) => name),
      '',
    );
  return [next, ...walk(rest, next.subcommands ?? [])];
}

/** The parser lays out a page of help whenever it comes to a command; ours is another, so what it would show is hidden. */
function optionsOf(flags: Flags): Record<string, Options> {
  return Object.fromEntries(
    Object.entries(flags).map(([name, { type, short }]) => [
      name,
      {
        type: type === 'boolean' ? 'boolean' : 'string',
        array: type === 'strings',
        hidden: true,
        ...(short === undefined ? {} : { alias: short }),
      },
    ]),
  );
}

/**
 * kubectl's habit `-ojson`, `-nkube-system`: the parser would read a bundle of one-letter flags. And `-f -`, of which
 * neither a flag that may be repeated nor any long one would take the `-`.
 */
function separateShortValues(argv: readonly string[], commands: readonly Command[]): string[] {
  const valued = allFlags(commands).filter(([, { type }]) => type !== 'boolean');
  const shorts = new Set(valued.flatMap(([, { short }]) => short ?? []));
  const words = new Set(valued.flatMap(([name, { short }]) => [`--${name}`, `-${short ?? name}`]));
  const end = argv.indexOf('--');
  return argv.flatMap((word, index) => {
    if (end !== -1 && index >= end) return [word];
    if (words.has(word) && argv[index + 1] === '-') return [`${word}=-`];
    if (word === '-' && words.has(argv[index - 1] ?? '')) return [];
    const [dash, letter] = word;
    const short = dash === '-' && letter !== undefined && shorts.has(letter);
    if (!short || word.length === 2 || word[2] === '=') return [word];
    return word.slice(2) === '-' ? [`-${letter}=-`] : [`-${letter}`, word.slice(2)];
  });
}

function allFlags(commands: readonly Command[]): (readonly [name: string, flag: Flag])[] {
  return commands.flatMap((command) => [...Object.entries(command.flags), ...allFlags(command.subcommands ?? [])]);
}
