import { createHash } from 'node:crypto';
import { parseReference } from '../../../shared/image/reference.ts';
import type { Fault } from '../../../shared/registry/fault.ts';
import { messageOf } from '../../../shared/errors.ts';
import type { Registries } from '../../registry/client.ts';
import type { Repository } from '../../registry/line.ts';
import type { Lock } from '../lock/document.ts';
import { blobPath } from './folder.ts';
import type { Member } from './manifest.ts';
import { takeFile, type Staging } from './staging.ts';

/** Where the mirror holds something with a digest. */
interface Held {
  readonly repository: Repository;
  readonly kind: 'manifest' | 'blob';
}

/**
 * Takes blobs that were left out of a set from the mirror, where the lock that they were left out by says that they are.
 * Why one could not be had, or null where all could; what was taken stays either way.
 */
export async function fillFromMirror(
  staging: Staging,
  since: Lock,
  lacking: ReadonlyMap<string, number>,
  registries: Registries,
  progress: (line: string) => void,
): Promise<string | null> {
  const held = heldIn(since);
  let why: string | null = null;
  let done = 0;
  for (const [digest, size] of lacking) {
    const there = held.get(digest);
    const at = { path: blobPath(digest), size, sha256: digest.slice('sha256:'.length), part: null };
    const problem =
      there === undefined ? 'no policy said where it is mirrored' : await take(staging, at, there, registries);
    why ??= problem === null ? null : `${digest}: ${problem}`;
    progress(`Took ${(done += 1)} of ${lacking.size} blobs from the mirror`);
  }
  return why;
}

function heldIn({ images }: Lock): Map<string, Held> {
  const held = new Map<string, Held>();
  for (const { mirror, digest, manifests, artifacts } of images) {
    const parsed = parseReference(mirror ?? '');
    if (!parsed.ok) continue;
    const repository = { host: parsed.reference.host, path: parsed.reference.path };
    for (const of of [{ digest }, ...manifests, ...artifacts]) held.set(of.digest, { repository, kind: 'manifest' });
    const blobs = [
      ...manifests.flatMap(({ config, layers }) => [config, ...layers]),
      ...artifacts.flatMap((artifact) => artifact.blobs),
    ];
    for (const blob of blobs) held.set(blob, { repository, kind: 'blob' });
  }
  return held;
}

async function take(
  staging: Staging,
  member: Member,
  { repository, kind }: Held,
  registries: Registries,
): Promise<string | null> {
  const digest = `sha256:${member.sha256}`;
  const answer =
    kind === 'manifest' ? await registries.manifest(repository, digest) : await registries.blob(repository, digest);
  if (!answer.ok) return faultText(answer.fault);
  const chunks = 'bytes' in answer.value ? [answer.value.bytes] : (answer.value.stream as AsyncIterable<Uint8Array>);
  const file = await takeFile(staging, member);
  const hash = createHash('sha256');
  let good = false;
  let left = member.size;
  try {
    for await (const chunk of chunks) {
      left -= chunk.length;
      // An endless answer must not fill the disk.
      if (left < 0) break;
      hash.update(chunk);
      await file.write(chunk);
    }
    good = hash.digest('hex') === member.sha256;
  } catch (error) {
    return `${repository.host}: ${messageOf(error)}`;
  } finally {
    await file.end(good);
  }
  return good ? null : `${repository.host} has other bytes under this digest`;
}

function faultText({ host, detail }: Fault): string {
  return `${host}: ${detail}`;
}
