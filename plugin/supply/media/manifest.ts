import { createHash } from 'node:crypto';
import { validate as generated } from './validate.generated.ts';

/** `airgap-volume.json`, the first file of every volume. JSON Schema: `volume.schema.json` beside this file. */
export interface VolumeManifest {
  /** Lower-case hexadecimal SHA-256, the same in all volumes that belong together. */
  readonly set: string;
  /** SHA-256 of the lock that the set carries. */
  readonly lock: string;
  /** SHA-256 of the lock whose content is left out; null where all is carried. */
  readonly since: string | null;
  /** From 1 to `volumes`. */
  readonly volume: number;
  readonly volumes: number;
  readonly members: readonly Member[];
}

export interface Member {
  /** Where the file belongs in the folder. */
  readonly path: string;
  /** Bytes of this member. */
  readonly size: number;
  readonly sha256: string;
  /** Null for a whole file. */
  readonly part: Part | null;
}

interface Part {
  readonly number: number;
  readonly of: number;
  /** Where in the whole file it begins. */
  readonly offset: number;
  /** Bytes and SHA-256 of the whole file. */
  readonly size: number;
  readonly sha256: string;
}

/** How the manifest is called in a volume. */
export const manifestName = 'airgap-volume.json';

/** More than a set of a hundred thousand blobs needs; a longer one is not read into memory. */
export const manifestLimit = 64 * 1024 * 1024;

const head = { apiVersion: 'airgap.dev/v1alpha1', kind: 'MirrorVolume' } as const;
const validate = generated as unknown as (data: unknown) => boolean;

/** How a member is called in the archive: untarred by hand, whole files are where they belong, and parts beside them. */
export function memberName({ path, part }: Pick<Member, 'path' | 'part'>): string {
  return part === null ? path : `${path}.part${String(part.number).padStart(4, '0')}`;
}

export function manifestText(manifest: VolumeManifest): string {
  const { set, lock, since, volume, volumes } = manifest;
  const members = manifest.members.map(({ path, size, sha256, part }) => ({
    path,
    size,
    sha256,
    part: part === null ? null : inOrder(part),
  }));
  const document = { ...head, set, lock, since, volume, volumes, members };
  const checksum = createHash('sha256').update(JSON.stringify(document)).digest('hex');
  return `${JSON.stringify({ ...document, checksum })}\n`;
}

function inOrder({ number, of, offset, size, sha256 }: Part): Part {
  return { number, of, offset, size, sha256 };
}

/** What is wrong with a text that should be a manifest: it is none, or one that a bit has flipped in, or a newer one. */
export type ManifestFault = 'no-volume' | 'damaged' | 'newer';

/** Reads only what `manifestText` writes, byte for byte. */
export function readManifest(content: string): VolumeManifest | ManifestFault {
  let value: unknown;
  try {
    value = JSON.parse(content);
  } catch {
    return 'damaged';
  }
  if (typeof value !== 'object' || value === null || !('kind' in value) || value.kind !== head.kind) return 'no-volume';
  if (!('apiVersion' in value) || value.apiVersion !== head.apiVersion) return 'newer';
  if (!validate(value)) return 'damaged';
  const manifest = value as unknown as VolumeManifest;
  return manifestText(manifest) === content && isSound(manifest) ? manifest : 'damaged';
}

/** What the schema cannot say: names agree with digests, parts lie within their file, nothing is there twice. */
function isSound({ members, volume, volumes }: VolumeManifest): boolean {
  const names = new Set(members.map(memberName));
  return names.size === members.length && volume <= volumes && members.every(isSoundMember);
}

function isSoundMember({ path, size, sha256, part }: Member): boolean {
  const whole = part === null ? sha256 : part.sha256;
  if (path.startsWith('blobs/') && path !== `blobs/sha256/${whole}`) return false;
  return part === null || (part.number <= part.of && part.offset + size <= part.size);
}
