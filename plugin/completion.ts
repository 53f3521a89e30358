#!/usr/bin/env node
import process from 'node:process';
import { commands } from './commands/index.ts';
import { complete, type Completion } from './complete/complete.ts';
import { lookUp } from './complete/sources.ts';

/**
 * What shells ask while somebody types, by cobra's `__complete` protocol: the words so far, the last one unfinished. One
 * candidate a line with its description after a tab, then the directive. Whatever goes wrong, nothing is said: an error
 * message would land in the middle of a command line.
 */
async function answer(words: readonly string[]): Promise<Completion> {
  try {
    return await complete(words, commands, (source, flags) => lookUp(source, flags, process.env));
  } catch {
    return { candidates: [], directive: 4 };
  }
}

const { candidates, directive } = await answer(process.argv.slice(2));
const lines = candidates.map(([value, description]) => (description === '' ? value : `${value}\t${description}`));
process.stdout.write([...lines, `:${directive}`, ''].join('\n'), () => process.exit(0));
