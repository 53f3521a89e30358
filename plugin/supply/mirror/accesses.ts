import { access } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';
import type { Outcome } from '../../../shared/registry/fault.ts';
import type { Repository } from '../../registry/line.ts';
import type { Copy } from './copies.ts';
import type { Access, Accesses } from './engines/engine.ts';
import type { Gateway } from './gateway/gateway.ts';
import type { Reached } from './open-ends.ts';

/** How an engine reaches both sides of a copy; a side that is a folder is reached through its gateway. */
export function accessesTo(
  reached: Reached,
  gateways: { readonly source: Gateway | null; readonly target: Gateway | null },
  signaturePolicy: string | null,
): (copy: Copy) => Promise<Outcome<Accesses>> {
  return async (copy) => {
    const source = await accessTo(reached, gateways.source, copy.source);
    if (!source.ok) return source;
    const target = await accessTo(reached, gateways.target, copy.target);
    if (!target.ok) return target;
    return { ok: true, value: { source: source.value, target: target.value, ca: reached.ca, signaturePolicy } };
  };
}

async function accessTo(
  { registries, keychain }: Reached,
  gateway: Gateway | null,
  repository: Repository,
): Promise<Outcome<Access>> {
  if (gateway !== null) {
    const { host, login } = gateway;
    return { ok: true, value: { repository: { host, path: repository.path }, plainHttp: true, login } };
  }
  const greeting = await registries.ping(repository.host);
  if (!greeting.ok) return greeting;
  const login = await keychain(`${repository.host}/${repository.path}`);
  return { ok: true, value: { repository, plainHttp: greeting.value.base.protocol === 'http:', login } };
}

/** The file that skopeo of this machine reads its signature policy from; null where there is none. */
export async function findSignaturePolicy(): Promise<string | null> {
  for (const file of [path.join(homedir(), '.config/containers/policy.json'), '/etc/containers/policy.json']) {
    const there = await access(file).then(
      () => true,
      () => false,
    );
    if (there) return file;
  }
  return null;
}
