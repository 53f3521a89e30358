import type { Command, Flag, Source } from '../commands/command.ts';
import { globalFlags } from '../commands/flags.ts';

/** Value and description. */
export type Candidate = readonly [value: string, description: string];

/** 0: the shell may complete file names; 4: nothing but the candidates; 16: directories only. */
export interface Completion {
  readonly candidates: readonly Candidate[];
  readonly directive: 0 | 4 | 16;
}

/** Finds what a cluster, a kubeconfig or the program itself has to offer; `flags` are those on the line so far. */
export type LookUp = (source: Source, flags: ReadonlyMap<string, string>) => Promise<readonly Candidate[]>;

/** What can stand in place of the last of the words. */
export async function complete(
  words: readonly string[],
  commands: readonly Command[],
  lookUp: LookUp,
): Promise<Completion> {
  const typed = words.at(-1) ?? '';
  const before = readWords(words.slice(0, -1), commands);
  const { command, children, operands, awaiting, given } = before;
  const values = async (of: Pick<Flag, 'choices' | 'complete'>, prefix: string, head: string): Promise<Completion> => {
    if (of.complete === 'files') return { candidates: [], directive: 0 };
    if (of.complete === 'directories') return { candidates: [], directive: 16 };
    const all = of.choices?.map((choice): Candidate => [choice, '']) ?? [];
    const found = of.complete === undefined ? all : await lookUp(of.complete, given);
    return only(
      found.map(([value, text]) => [head + value, text]),
      head + prefix,
    );
  };

  if (awaiting !== undefined) return values(awaiting, typed, '');
  const flags = flagsOf(command);
  const [, name, value] = /^--([^=]+)=(.*)$/s.exec(typed) ?? [];
  if (name !== undefined && flags[name] !== undefined) return values(flags[name], value ?? '', `--${name}=`);
  if (typed.startsWith('-')) return only(flagCandidates(flags, given), typed);

  const names = operands.length === 0 ? children.map((child): Candidate => [child.name, child.describe]) : [];
  const operand = command?.operand;
  if (operand === undefined || (!operand.many && operands.length > 0)) return only(names, typed);
  const rest = await values(operand, typed, '');
  const candidates = rest.candidates.filter(([candidate]) => !operands.includes(candidate));
  return { ...rest, candidates: [...only(names, typed).candidates, ...candidates] };
}

interface Before {
  readonly command: Command | undefined;
  /** Commands that may follow. */
  readonly children: readonly Command[];
  readonly operands: readonly string[];
  /** The flag whose value comes next. */
  readonly awaiting: Flag | undefined;
  readonly given: ReadonlyMap<string, string>;
}

function readWords(words: readonly string[], commands: readonly Command[]): Before {
  let command: Command | undefined;
  let children = commands;
  let awaiting: string | undefined;
  const operands: string[] = [];
  const given = new Map<string, string>();
  for (const word of words) {
    if (awaiting !== undefined) {
      given.set(awaiting, word);
      awaiting = undefined;
      continue;
    }
    const flags = flagsOf(command);
    const [, dashes, name = '', value] = /^(--?)([^=]+)(?:=(.*))?$/s.exec(word) ?? [];
    if (dashes !== undefined) {
      const long = dashes === '--' ? name : (Object.keys(flags).find((key) => flags[key]?.short === name[0]) ?? name);
      const takes = flags[long] !== undefined && flags[long].type !== 'boolean';
      const bundled = dashes === '-' && name.length > 1 ? name.slice(1) : undefined;
      if (takes && value === undefined && bundled === undefined) awaiting = long;
      else given.set(long, value ?? bundled ?? '');
      continue;
    }
    const next = operands.length === 0 ? children.find((child) => child.name === word) : undefined;
    if (next === undefined) operands.push(word);
    else {
      command = next;
      children = next.subcommands ?? [];
    }
  }
  return {
    command,
    children,
    operands,
    awaiting: awaiting === undefined ? undefined : flagsOf(command)[awaiting],
    given,
  };
}

function flagsOf(command: Command | undefined): Readonly<Record<string, Flag>> {
  return { ...command?.flags, ...globalFlags };
}

function flagCandidates(flags: Readonly<Record<string, Flag>>, given: ReadonlyMap<string, string>): Candidate[] {
  return Object.entries(flags)
    .filter(([name, { type }]) => type === 'strings' || !given.has(name))
    .map(([name, { describe }]) => [`--${name}`, describe]);
}

function only(candidates: readonly Candidate[], prefix: string): Completion {
  return { candidates: candidates.filter(([value]) => value.startsWith(prefix)), directive: 4 };
}
