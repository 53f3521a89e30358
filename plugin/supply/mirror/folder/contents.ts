import { readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { AirgapError } from '../../../../shared/errors.ts';
import { repositoryOf, parseReference } from '../../../../shared/image/reference.ts';
import type { LockedImage } from '../../lock/document.ts';
import { writeWhole, type Folder } from './folder.ts';

/** The annotation by which an OCI image layout names what it holds. */
const refName = 'org.opencontainers.image.ref.name';

/** The lock that a folder was filled from; there only while the folder is complete. */
export const folderLock = 'airgap.lock.yaml';

/**
 * `index.json` of a folder: one descriptor for each image of the lock, named as in the lock, and one for each thing that
 * refers to it, named by its tag where it has one. An image is listed once all of it has been read back.
 */
export interface Contents {
  add(locked: LockedImage): Promise<void>;
  /** Says that something is missing: the folder counts as incomplete from here on. */
  spoil(): Promise<void>;
  /** Says that all of the lock is there: its text is written last. */
  complete(): Promise<void>;
}

/**
 * Begins to fill a folder. One that is complete for the same lock stays so until something turns out to be missing; of
 * another lock it is not the folder any more. Throws an AirgapError (`input`) where the lock is the folder's own: it would
 * be lost with a run that does not finish.
 */
export async function beginContents(
  folder: Folder,
  lock: { readonly text: string; readonly file: string },
): Promise<Contents> {
  const own = path.join(folder.path, folderLock);
  if (path.resolve(lock.file) === own)
    throw new AirgapError(
      'input',
      `${own} stands there only while the folder is complete, and cannot be what it is filled from.`,
      `Copy it first: cp ${own} ${folderLock}`,
    );
  let whole = (await readFile(own, 'utf8').catch(() => null)) === lock.text;
  const manifests = new Map<string, object>();
  let writing = Promise.resolve();
  const write = (): Promise<void> =>
    (writing = writing.then(() =>
      writeWhole(
        path.join(folder.path, 'index.json'),
        indexText([...manifests].toSorted(byName).map(([, one]) => one)),
      ),
    ));
  const spoil = async (): Promise<void> => {
    if (!whole) return;
    whole = false;
    await rm(own, { force: true });
    await write();
  };
  if (!whole) {
    await rm(own, { force: true });
    await write();
  }
  return {
    add: async (locked) => {
      for (const [name, descriptor] of descriptorsOf(locked)) manifests.set(name, descriptor);
      if (!whole) await write();
    },
    spoil,
    complete: async () => {
      await write();
      if (!whole) await writeWhole(own, lock.text);
    },
  };
}

function descriptorsOf({ image, digest, mediaType, size, artifacts }: LockedImage): [string, object][] {
  const parsed = parseReference(image);
  const repository = parsed.ok ? repositoryOf(parsed.reference) : image;
  return [
    [image, { mediaType, digest, size, annotations: { [refName]: image } }],
    ...artifacts.map((one): [string, object] => {
      const { tag, artifactType } = one;
      const name = tag === null ? `${repository}@${one.digest}` : `${repository}:${tag}`;
      const descriptor = {
        mediaType: one.mediaType,
        ...(artifactType === null ? {} : { artifactType }),
        digest: one.digest,
        size: one.size,
        ...(tag === null ? {} : { annotations: { [refName]: name } }),
      };
      return [name, descriptor];
    }),
  ];
}

function indexText(manifests: readonly object[]): string {
  const mediaType = 'application/vnd.oci.image.index.v1+json';
  return `${JSON.stringify({ schemaVersion: 2, mediaType, manifests }, null, 2)}\n`;
}

function byName([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a < b ? -1 : 1;
}
