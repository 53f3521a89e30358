import type { Outcome } from '../../../shared/registry/fault.ts';
import { inTurns } from '../../in-turns.ts';
import type { Registries } from '../../registry/client.ts';
import type { Repository } from '../../registry/line.ts';
import type { Copy } from './copies.ts';
import type { Held, Holder } from './holder.ts';
import type { Part } from './parts.ts';

/** Questions about one image at a time; the wire limits the connections to one host. */
const parallel = 8;

/** The mirror, through our own client. */
export function registryHolder(registries: Registries): Holder {
  return { look: (copy, how) => look(registries, copy, how) };
}

async function look(registries: Registries, copy: Copy, how: 'quick' | 'whole'): Promise<Held> {
  const { target, locked, parts } = copy;
  const tag = copy.tagAsked ? await tagged(registries, target, copy.tag) : null;
  if (tag !== null && !tag.ok) return { seen: false, fault: tag.fault };
  const manifests = parts.filter(({ kind }) => kind === 'manifest');
  const blobs = parts.filter(({ kind }) => kind === 'blob');
  const found = await ask(manifests, (part) =>
    how === 'quick' ? registries.manifestHead(target, part.digest) : registries.manifest(target, part.digest),
  );
  if (!found.ok) return { seen: false, fault: found.fault };
  // A registry takes a manifest only with its blobs, so that one that has all of them is quickly seen to be whole.
  const asked = how === 'quick' && found.value.absent.length === 0 ? [] : blobs;
  const bytes = await ask(asked, async (part) => {
    const head = await registries.blobHead(target, part.digest);
    if (!head.ok || head.value.size === null || head.value.size === part.size) return head;
    const detail = `${part.digest} has ${head.value.size} bytes there in place of ${part.size}`;
    return { ok: false, fault: { code: 'wrong-digest', host: target.host, role: 'registry', detail } };
  });
  if (!bytes.ok) return { seen: false, fault: bytes.fault };
  return {
    seen: true,
    absent: [...bytes.value.absent, ...found.value.absent],
    tagged: tag === null || tag.value === locked.digest,
    detail: [...found.value.details, ...bytes.value.details].join('; '),
  };
}

async function ask(
  parts: readonly Part[],
  one: (part: Part) => Promise<Outcome<unknown>>,
): Promise<Outcome<{ readonly absent: readonly Part[]; readonly details: readonly string[] }>> {
  const answers = await inTurns(parts, parallel, async (part) => ({ part, outcome: await one(part) }));
  const absent: Part[] = [];
  const details: string[] = [];
  for (const { part, outcome } of answers) {
    if (outcome.ok) continue;
    // Bytes that do not have their digest are as good as none.
    if (outcome.fault.code === 'wrong-digest') details.push(outcome.fault.detail);
    else if (outcome.fault.code !== 'not-found') return outcome;
    absent.push(part);
  }
  return { ok: true, value: { absent, details } };
}

/** The digest that a tag names; null where there is no such tag. */
async function tagged(registries: Registries, repository: Repository, tag: string): Promise<Outcome<string | null>> {
  const head = await registries.manifestHead(repository, tag);
  if (!head.ok) return head.fault.code === 'not-found' ? { ok: true, value: null } : head;
  if (head.value.digest !== null) return { ok: true, value: head.value.digest };
  const fetched = await registries.manifest(repository, tag);
  return fetched.ok ? { ok: true, value: fetched.value.digest } : fetched;
}
