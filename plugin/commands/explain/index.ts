import type { Command } from '../command.ts';

/** What `explain` says about things that are no id: one line a kind of thing. */
export const subjects: readonly Command[] = [];
