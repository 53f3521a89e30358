import { readFile, rename, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';
import { AirgapError, messageOf } from '../../../shared/errors.ts';
import { normalize, parseReference } from '../../../shared/image/reference.ts';
import type { CompiledPolicy } from '../../../shared/policy/compile.ts';
import { decide } from '../../../shared/policy/decide.ts';
import { openRegistries, type Registries } from '../../registry/client.ts';
import { localKeychain } from '../../registry/keychain.ts';
import { parseNamedHost } from '../../registry/named-hosts.ts';
import { openWire } from '../../registry/wire.ts';
import { readText } from '../../read-text.ts';
import type { InventoryReport } from '../inventory-report.ts';
import { lockChanges, type LockChange } from './changes.ts';
import type { Lock } from './document.ts';
import { lockFiles, type LockedFiles } from './files.ts';
import { makeLock, type LockOutcome } from './make.ts';
import { readLock } from './read.ts';
import { lockText } from './write.ts';

export interface UpdateRequest {
  readonly file: string;
  readonly needed: InventoryReport;
  readonly platforms: readonly string[];
  /** Images to look up anew; `all` for every one. */
  readonly update: readonly string[];
  readonly write: boolean;
  readonly policies: readonly CompiledPolicy[];
  /** Hosts that may be asked beside those that the images name. */
  readonly registries: readonly string[];
  readonly registryCa: string | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
  readonly progress: (line: string) => void;
}

export interface UpdateOutcome extends LockOutcome {
  readonly unpinned: LockedFiles['unpinned'];
  readonly changes: readonly LockChange[];
}

/**
 * Brings a lock file up to what is needed and says what changed. Without `write` every image is looked up anew, so that
 * a tag that moved is a change too, and the file stays as it is.
 */
export async function updateLock(request: UpdateRequest): Promise<UpdateOutcome> {
  const text = await readIfThere(request.file);
  const earlier = text === undefined ? null : readLock(text, request.file);
  const registries = await openNeeded(request);
  try {
    const outcome = await makeLock({
      needed: request.needed.images,
      platforms: request.platforms.length === 0 && earlier !== null ? earlier.platforms : request.platforms,
      mirrorOf: (image) => mirrorOf(request.policies, image),
      earlier,
      renew: request.write ? renewed(request.update) : () => true,
      registries,
      progress: request.progress,
    });
    const renew = request.write ? renewedFile(request.update) : () => true;
    const folder = path.dirname(request.file);
    const { files, unpinned } = await lockFiles(request.needed.files, folder, earlier?.files ?? [], renew);
    const { images, blobs, ...head } = outcome.lock;
    const lock: Lock = { ...head, images, ...(files.length === 0 ? {} : { files }), blobs };
    const changes = lockChanges(earlier, lock);
    if (request.write) await replaceFile(request.file, lockText(lock, text));
    return { ...outcome, lock, unpinned, changes };
  } finally {
    registries.close();
  }
}

async function openNeeded({ needed, registries, registryCa, env, signal }: UpdateRequest): Promise<Registries> {
  const named = registries.map(parseNamedHost);
  const hosts = new Set(needed.images.map(({ image }) => image.slice(0, image.indexOf('/'))));
  const own = [...hosts].filter((host) => !named.some((known) => known.host === host)).map(parseNamedHost);
  const ca = registryCa === undefined ? {} : { ca: await readText(registryCa, 'The CA file') };
  return openRegistries({
    named: [...named, ...own],
    keychain: localKeychain(env, homedir()),
    // What a look-up waits for is round trips.
    wire: openWire({ ...ca, connections: 16 }),
    signal,
  });
}

function renewedFile(update: readonly string[]): (source: string) => boolean {
  return (source) => update.includes('all') || update.includes(source);
}

function renewed(update: readonly string[]): (image: string) => boolean {
  if (update.includes('all')) return () => true;
  const names = new Set(
    update.map((written) => {
      const parsed = parseReference(written);
      return parsed.ok ? normalize(parsed.reference) : written;
    }),
  );
  return (image) => names.has(image) || names.has(image.replace(/(?::[^/@]+)?(?:@.*)?$/, ''));
}

/** The first policy that rewrites an image says where it is mirrored. */
function mirrorOf(policies: readonly CompiledPolicy[], image: string): string | null {
  for (const policy of policies) {
    const { action, result } = decide(policy, image);
    if (action === 'rewrite' || action === 'allow') return result;
  }
  return null;
}

async function readIfThere(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new AirgapError('input', `The lock ${file} cannot be read: ${messageOf(error)}.`, 'Check its path.', error);
  }
}

/** All or nothing: a lock that was cut off half way would pin half of what is needed. */
async function replaceFile(file: string, content: string): Promise<void> {
  const half = `${file}.${process.pid}.tmp`;
  try {
    await writeFile(half, content);
    await rename(half, file);
  } catch (error) {
    throw new AirgapError(
      'input',
      `The lock ${file} cannot be written: ${messageOf(error)}.`,
      'Check its folder.',
      error,
    );
  }
}
