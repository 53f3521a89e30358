import { createHash, randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { makeFolder } from '../../../make-folder.ts';

/** A blob on its way into a folder. Its bytes are hashed as they come; nothing of it stays in memory. */
export interface Incoming {
  readonly id: string;
  /** Bytes that have arrived. */
  readonly length: () => number;
  write(bytes: Uint8Array): Promise<void>;
  /** Puts it in its place when its bytes have this digest, and says whether they had. */
  finish(digest: string): Promise<boolean>;
  /** Throws away what has come. */
  cancel(): Promise<void>;
}

export async function openIncoming(folder: string, placeOf: (digest: string) => string): Promise<Incoming> {
  await makeFolder(folder);
  const id = randomUUID();
  const file = path.join(folder, id);
  const handle = await open(file, 'wx');
  const sum = createHash('sha256');
  let length = 0;
  const cancel = async (): Promise<void> => {
    await handle.close().catch(() => undefined);
    await rm(file, { force: true });
  };
  return {
    id,
    length: () => length,
    write: async (bytes) => {
      let written = 0;
      while (written < bytes.length) written += (await handle.write(bytes, written)).bytesWritten;
      length += bytes.length;
      sum.update(bytes);
    },
    finish: async (digest) => {
      await handle.sync();
      await handle.close();
      const [algorithm = '', hex] = digest.split(':');
      // The algorithm is known only now; another one than everybody uses costs reading the bytes again.
      if ((algorithm === 'sha256' ? sum.digest('hex') : await hashFile(file, algorithm)) !== hex) {
        await cancel();
        return false;
      }
      const place = placeOf(digest);
      await makeFolder(path.dirname(place));
      await rename(file, place);
      return true;
    },
    cancel,
  };
}

async function hashFile(file: string, algorithm: string): Promise<string> {
  const sum = createHash(algorithm);
  for await (const chunk of createReadStream(file) as AsyncIterable<Uint8Array>) sum.update(chunk);
  return sum.digest('hex');
}
