import { stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';
import { AirgapError } from '../../../shared/errors.ts';
import { readText } from '../../read-text.ts';
import { openRegistries, type Registries } from '../../registry/client.ts';
import { localKeychain, type Keychain } from '../../registry/keychain.ts';
import { isNamed, parseNamedHost } from '../../registry/named-hosts.ts';
import { openWire } from '../../registry/wire.ts';
import type { Lock } from '../lock/document.ts';
import { openLock } from '../lock/open.ts';
import { folderLock } from './folder/contents.ts';
import type { End } from './end.ts';

export interface Reached {
  readonly registries: Registries;
  readonly keychain: Keychain;
  /** PEM of `--registry-ca`. */
  readonly ca: string | undefined;
}

export interface ReachRequest {
  /** Hosts that may be asked beside those that the lock names. */
  readonly registries: readonly string[];
  readonly registryCa: string | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
}

/** Requests to one registry at a time: what reading back waits for is round trips. */
const connections = 16;

/** The client for the hosts that the lock and the flags name, and for no other. */
export async function reach(lock: Lock, { registries, registryCa, env, signal }: ReachRequest): Promise<Reached> {
  const named = registries.map(parseNamedHost);
  const names = lock.images.flatMap(({ image, mirror }) => (mirror === null ? [image] : [image, mirror]));
  const hosts = new Set(names.map((name) => name.split('/')[0] ?? ''));
  const own = [...hosts].filter((host) => !isNamed(host, named)).map(parseNamedHost);
  const ca = registryCa === undefined ? undefined : await readText(registryCa, 'The CA file');
  const keychain = localKeychain(env, homedir());
  const wire = openWire({ ...(ca === undefined ? {} : { ca }), connections });
  return { registries: openRegistries({ named: [...named, ...own], keychain, wire, signal }), keychain, ca };
}

/**
 * The lock that the flags mean: the named one, or the one that a folder carries, which is there only when the folder is
 * complete.
 */
export async function lockOf(
  file: string | undefined,
  from: End,
): Promise<{ readonly lock: Lock; readonly text: string; readonly file: string }> {
  const carried = from.kind === 'folder' ? path.join(from.path, folderLock) : folderLock;
  const chosen = file ?? carried;
  if (file === undefined && from.kind === 'folder' && !(await isThere(carried)))
    throw new AirgapError(
      'input',
      `${from.path} has no ${folderLock}: it holds no images, or the run that filled it did not finish.`,
      `Finish it where it was filled with "kubectl airgap mirror run --to dir:${from.path}", or name the lock with --lock FILE to load what is there.`,
    );
  return { ...(await openLock(chosen)), file: chosen };
}

async function isThere(file: string): Promise<boolean> {
  return stat(file).then(
    () => true,
    () => false,
  );
}
