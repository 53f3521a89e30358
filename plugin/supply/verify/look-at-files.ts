import path from 'node:path';
import type { Lock } from '../lock/document.ts';
import { digestOfFile } from '../lock/files.ts';

/** The digests of the files that a lock names, as they lie beside it; null for one that is not there. */
export async function lookAtFiles(lock: Lock, file: string): Promise<Map<string, string | null>> {
  const found = new Map<string, string | null>();
  for (const { source } of lock.files ?? [])
    found.set(
      source,
      await digestOfFile(path.join(path.dirname(file), source)).then(
        ({ digest }) => digest,
        () => null,
      ),
    );
  return found;
}
