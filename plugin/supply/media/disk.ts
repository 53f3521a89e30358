import { statfs } from 'node:fs/promises';
import { AirgapError } from '../../../shared/errors.ts';
import { size as sizeText } from '../../render/size.ts';

/** Throws an AirgapError (`broken`) when the file system of a folder has fewer than `bytes` free. */
export async function expectSpace(folder: string, bytes: number, what: string): Promise<void> {
  const { bavail, bsize } = await statfs(folder);
  const free = bavail * bsize;
  if (free >= bytes) return;
  throw new AirgapError(
    'broken',
    `${what} ${sizeText(bytes)}, and ${folder} has ${sizeText(free)} free.`,
    'Make room there, or choose another disk.',
  );
}

/** Errors of a disk that a person can cure, in words; any other as it is. */
export function diskError(error: unknown, file: string, goesOn: string): unknown {
  const code = (error as NodeJS.ErrnoException).code;
  const known: Readonly<Record<string, readonly [string, string]>> = {
    ENOSPC: [`The disk is full: ${file} could not be written.`, `Make room there. ${goesOn}`],
    EDQUOT: [`Your quota is used up: ${file} could not be written.`, `Make room there. ${goesOn}`],
    EFBIG: [
      `The file system takes no file as large as ${file}.`,
      'FAT32 takes files below 4 GiB only: choose --volume-size 4GiB-1 for volumes, and another file system for the folder.',
    ],
    EROFS: [`${file} is on a disk that is mounted read-only.`, 'Mount it for writing, or choose another folder.'],
    EACCES: [`${file} may not be written.`, 'Choose a folder that is yours.'],
    EIO: [`The disk could not be read or written at ${file}.`, 'Try another medium: this one may be failing.'],
  };
  const told = code === undefined ? undefined : known[code];
  return told === undefined ? error : new AirgapError('broken', told[0], told[1], error);
}
