import { readFile } from 'node:fs/promises';
import { AirgapError, messageOf } from '../../../shared/errors.ts';
import type { Lock } from './document.ts';
import { readLock } from './read.ts';

/** A lock that the user named, or the one that is read where none is named. Throws as `readLock` does. */
export async function openLock(file: string): Promise<{ readonly lock: Lock; readonly text: string }> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    const missing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    throw new AirgapError(
      'input',
      missing ? `There is no lock at ${file}.` : `The lock ${file} cannot be read: ${messageOf(error)}.`,
      'Make one with "kubectl airgap lock", or name another one with --lock FILE.',
      error,
    );
  });
  return { lock: readLock(text, file), text };
}
