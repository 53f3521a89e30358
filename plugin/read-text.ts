import { readFile } from 'node:fs/promises';
import { AirgapError, messageOf } from '../shared/errors.ts';

/** A file that the user named, as text. Throws an AirgapError (`input`) that says what the file is for. */
export async function readText(file: string, what: string): Promise<string> {
  let bytes: Uint8Array;
  try {
    bytes = await readFile(file);
  } catch (error) {
    throw new AirgapError('input', `${what} ${file} cannot be read: ${messageOf(error)}.`, 'Check its path.', error);
  }
  return decodeText(bytes, `${what} ${file}`);
}

/** All of a stream, such as standard input, as text. */
export async function readStream(stream: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return decodeText(Buffer.concat(chunks), 'Standard input');
}

/** UTF-8, or what a Windows shell writes where output goes to a file: UTF-16 with a mark. The mark is taken away. */
export function decodeText(bytes: Uint8Array, what: string): string {
  const [first, second] = bytes;
  const encoding =
    first === 0xff && second === 0xfe ? 'utf-16le' : first === 0xfe && second === 0xff ? 'utf-16be' : 'utf-8';
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch (error) {
    throw new AirgapError('input', `${what} is not text in UTF-8.`, 'Save it as UTF-8.', error);
  }
}
