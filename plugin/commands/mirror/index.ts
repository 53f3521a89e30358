import type { Command } from '../command.ts';
import { plan } from './plan.ts';
import { prune } from './prune.ts';

/** What can be done about a mirror: one line a subcommand. */
export const mirrorCommands: readonly Command[] = [plan, prune];
