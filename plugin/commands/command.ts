import type { Io } from './io.ts';

/** 0 nothing found, 1 findings, 2 wrong usage or unreadable input, 3 could not examine. */
export type ExitCode = 0 | 1 | 2 | 3;

/** Where completion finds the values of a flag or an operand that has no fixed `choices`. */
export type Source = 'namespaces' | 'contexts' | 'clusters' | 'users' | 'files' | 'directories' | 'ids' | 'checks';

/** A flag as data: parsing, help, completion and the message for a wrong value are all made from it. */
export interface Flag {
  /** `strings` may be given more than once and may hold commas. */
  readonly type: 'boolean' | 'string' | 'strings';
  readonly describe: string;
  /** One letter: `-n`. */
  readonly short?: string;
  /** How help names the value: `FILE`. Without it the flag's type is shown. */
  readonly value?: string;
  readonly choices?: readonly string[];
  readonly default?: string;
  /** A heading of its own in help, such as "Connection flags". */
  readonly group?: string;
  readonly complete?: Source;
}

export type Flags = Readonly<Record<string, Flag>>;

/** What may follow the command's name beside flags. */
export interface Operand {
  /** As help shows it: `category`. */
  readonly name: string;
  readonly describe: string;
  readonly many: boolean;
  readonly required: boolean;
  readonly choices?: readonly string[];
  readonly complete?: Source;
}

type Camel<S> = S extends `${infer A}-${infer B}` ? `${A}${Capitalize<Camel<B> & string>}` : S;

type OneOf<F extends Flag> = F extends { readonly choices: readonly (infer C)[] } ? C : string;

type Value<F extends Flag> = F['type'] extends 'boolean'
  ? boolean
  : F['type'] extends 'strings'
    ? readonly OneOf<F>[]
    : F extends { readonly default: string }
      ? OneOf<F>
      : OneOf<F> | undefined;

/** The parsed flags under their camel-case names, and the operands. */
export type Args<F extends Flags> = { readonly [K in keyof F as Camel<K>]: Value<F[K]> } & {
  readonly operands: readonly string[];
};

interface Described {
  /** One word; the path of the parents' names comes before it. */
  readonly name: string;
  /** One line without a full stop, for lists: "Examine a cluster or a dump and say what is wrong". */
  readonly describe: string;
  /** More for the command's own help: what it reads, what it never does, exit codes. Paragraphs. */
  readonly details?: readonly string[];
  /** What it is for, and the command line to paste. */
  readonly examples: readonly (readonly [what: string, line: string])[];
  readonly operand?: Operand;
  readonly subcommands?: readonly Command[];
}

/** A node of the command tree as `cli.ts` sees it: parsed values have lost their types. */
export interface Command extends Described {
  readonly flags: Flags;
  readonly run: (args: Readonly<Record<string, unknown>>, io: Io) => Promise<ExitCode>;
}

/**
 * Defines a command. `run` gets its flags typed; heavy modules are imported inside it, because the whole tree is loaded
 * for every command line. A usage error is an `AirgapError` with the code `usage`.
 */
export function command<const F extends Flags>(
  spec: Described & { readonly flags: F; readonly run: (args: Args<F>, io: Io) => Promise<ExitCode> },
): Command {
  return { ...spec, run: (args, io) => spec.run(args as Args<F>, io) };
}
