import type { Command } from '../command.ts';
import { check } from './check.ts';
import { load } from './load.ts';
import { pack } from './pack.ts';
import { plan } from './plan.ts';
import { prune } from './prune.ts';
import { run } from './run.ts';

/** What can be done about a mirror: one line a subcommand. */
export const mirrorCommands: readonly Command[] = [plan, run, pack, load, check, prune];
