import { homedir } from 'node:os';
import { readText } from '../../read-text.ts';
import { openRegistries } from '../../registry/client.ts';
import { localKeychain } from '../../registry/keychain.ts';
import { isNamed, parseNamedHost } from '../../registry/named-hosts.ts';
import { openWire } from '../../registry/wire.ts';
import type { Lock } from '../lock/document.ts';
import { lookAtMirrors } from './look-at-mirrors.ts';

export interface MirrorRequest {
  /** Hosts that may be asked beside those that the lock names. */
  readonly registries: readonly string[];
  readonly registryCa: string | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
  readonly progress: (line: string) => void;
}

/** Requests to one registry at a time: what a verification waits for is round trips. */
const connections = 32;

/** Opens the registries that a lock names as mirrors, and asks them for every image of it. */
export async function lookAtMirrorsOf(
  lock: Lock,
  { registries, registryCa, env, signal, progress }: MirrorRequest,
): ReturnType<typeof lookAtMirrors> {
  const named = registries.map(parseNamedHost);
  const hosts = new Set(lock.images.map(({ image, mirror }) => (mirror ?? image).split('/')[0] ?? ''));
  const own = [...hosts].filter((host) => !isNamed(host, named)).map(parseNamedHost);
  const ca = registryCa === undefined ? {} : { ca: await readText(registryCa, 'The CA file') };
  const client = openRegistries({
    named: [...named, ...own],
    keychain: localKeychain(env, homedir()),
    wire: openWire({ ...ca, connections }),
    signal,
  });
  try {
    return await lookAtMirrors(client, lock, progress);
  } finally {
    client.close();
  }
}
