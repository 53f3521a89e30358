import { homedir } from 'node:os';
import type { Reference } from '../../shared/image/reference.ts';
import { openRegistries } from '../registry/client.ts';
import { localKeychain } from '../registry/keychain.ts';
import { isNamed, parseNamedHost } from '../registry/named-hosts.ts';
import { once } from '../registry/retry.ts';
import { openWire } from '../registry/wire.ts';
import { readText } from '../read-text.ts';

export interface ImageCheck {
  /** Hosts that may be asked beside the image's own. */
  readonly registries: readonly string[];
  readonly registryCa: string | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
}

/** Why the webhook's image may not be in its registry; null where it is there. */
export type Doubt = { readonly is: 'missing' } | { readonly is: 'unseen'; readonly detail: string };

/** Asks the registry for the manifest's headers, once and with the user's own login. */
export async function doubtOf({ host, path, tag, digest }: Reference, check: ImageCheck): Promise<Doubt | null> {
  const { registries, registryCa, env, signal } = check;
  const named = registries.map(parseNamedHost);
  const client = openRegistries({
    named: isNamed(host, named) ? named : [...named, parseNamedHost(host)],
    keychain: localKeychain(env, homedir()),
    wire: openWire(registryCa === undefined ? {} : { ca: await readText(registryCa, 'The CA file') }),
    persistence: once,
    signal,
  });
  try {
    const head = await client.manifestHead({ host, path }, digest ?? tag ?? 'latest');
    if (head.ok) return null;
    return head.fault.code === 'not-found' ? { is: 'missing' } : { is: 'unseen', detail: head.fault.detail };
  } finally {
    client.close();
  }
}
