import { AirgapError } from '../../shared/errors.ts';
import { nearest } from '../nearest.ts';
import type { Flag, Flags } from './command.ts';

/** The values of all flags under their camel-case names, as `Args` types them; throws for one that is wrong. */
export function flagValues(
  flags: Flags,
  raw: Readonly<Record<string, unknown>>,
  where: string,
): Record<string, boolean | string | readonly string[] | undefined> {
  const out: Record<string, boolean | string | readonly string[] | undefined> = {};
  for (const [name, flag] of Object.entries(flags)) out[camel(name)] = valueOf(name, flag, raw[name], where);
  return out;
}

function valueOf(
  name: string,
  flag: Flag,
  raw: unknown,
  where: string,
): boolean | string | readonly string[] | undefined {
  if (flag.type === 'boolean') return Array.isArray(raw) ? raw.at(-1) === true : raw === true;
  const given = (Array.isArray(raw) ? raw : [raw]).filter((value) => typeof value === 'string');
  if (given.includes('')) {
    const hint =
      flag.choices === undefined ? `Write --${name} ${flag.value ?? 'VALUE'}.` : `Choose ${list(flag.choices)}.`;
    throw new AirgapError('usage', `The flag --${name} needs a value.`, hint);
  }
  const values =
    flag.type === 'strings' ? given.flatMap((value) => value.split(',').filter((part) => part !== '')) : given;
  for (const value of values)
    if (flag.choices?.includes(value) === false) throw wrongChoice(name, value, flag.choices, where);
  // A flag given twice counts as given last, as kubectl has it.
  return flag.type === 'strings' ? values : (values.at(-1) ?? flag.default);
}

function wrongChoice(name: string, value: string, choices: readonly string[], where: string): AirgapError {
  const near = nearest(value, choices);
  return new AirgapError(
    'usage',
    `"${value}" is no value for --${name} of kubectl airgap${where}.`,
    near === undefined ? `Choose ${list(choices)}.` : `Did you mean "${near}"? There are ${list(choices, 'and')}.`,
  );
}

/** `a, b or c` */
export function list(choices: readonly string[], joint = 'or'): string {
  return choices.length < 2 ? choices.join('') : `${choices.slice(0, -1).join(', ')} ${joint} ${choices.at(-1)}`;
}

function camel(name: string): string {
  return name.replaceAll(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
}
