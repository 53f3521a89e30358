import { openFolder } from '../mirror/folder/folder.ts';
import { readManifest } from '../mirror/folder/manifest.ts';

/**
 * Bytes of every blob of a folder that its manifests lead to from these, by digest. What is not there is passed over: an
 * index may name platforms that were not copied, and whether the lock's are there is asked for elsewhere.
 */
export async function reachable(path: string, from: Iterable<string>): Promise<Map<string, number>> {
  const folder = await openFolder(path);
  const found = new Map<string, number>();
  const note = async (digest: string): Promise<boolean> => {
    const size = found.has(digest) ? null : await folder.size(digest);
    if (size !== null) found.set(digest, size);
    return size !== null;
  };
  const walk = async (digest: string): Promise<void> => {
    if (!(await note(digest))) return;
    const read = await readManifest(folder, digest);
    if (read?.manifest.kind === 'index') for (const child of read.manifest.children) await walk(child.digest);
    if (read?.manifest.kind === 'image')
      for (const blob of [read.manifest.config, ...read.manifest.layers]) await note(blob.digest);
  };
  for (const digest of from) await walk(digest);
  return found;
}
