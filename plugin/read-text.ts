import { readFile } from 'node:fs/promises';
import { AirgapError, messageOf } from '../shared/errors.ts';

/** A file that the user named, as text. Throws an AirgapError (`input`) that says what the file is for. */
export async function readText(file: string, what: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw new AirgapError('input', `${what} ${file} cannot be read: ${messageOf(error)}.`, 'Check its path.', error);
  }
}
