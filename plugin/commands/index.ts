import { check } from './check.ts';
import type { Command } from './command.ts';
import { completion } from './completion.ts';
import { doctor } from './doctor.ts';
import { dump } from './dump.ts';
import { explain } from './explain.ts';
import { exportLock } from './export.ts';
import { images } from './images.ts';
import { importFiles } from './import.ts';
import { install } from './install.ts';
import { lock } from './lock.ts';
import { mirror } from './mirror.ts';
import { uninstall } from './uninstall.ts';
import { verify } from './verify.ts';
import { version } from './version.ts';

/** The command tree, in the order of help: one line a command. */
export const commands: readonly Command[] = [
  doctor,
  dump,
  check,
  explain,
  images,
  importFiles,
  lock,
  mirror,
  verify,
  exportLock,
  install,
  uninstall,
  completion,
  version,
];
