import { readFile } from 'node:fs/promises';
import { manifestLimit } from '../../../registry/body.ts';
import { digestOf } from '../../../registry/digest.ts';
import { parseManifest, type Manifest } from '../../../registry/manifest.ts';
import { blobPath, type Folder } from './folder.ts';

/** A manifest of a folder, with the bytes that its digest stands for; null where it is not there or damaged. */
export async function readManifest(
  folder: Folder,
  digest: string,
): Promise<{ readonly manifest: Manifest; readonly bytes: Buffer } | null> {
  const size = await folder.size(digest);
  if (size === null || size > manifestLimit) return null;
  const bytes = await readFile(blobPath(folder.path, digest)).catch(() => null);
  if (bytes === null || digestOf(bytes, digest) !== digest) return null;
  return { manifest: parseManifest(bytes, ''), bytes };
}
