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
  const { target, parts } = copy;
  const tags = await wrongTags(registries, copy);
  if (!tags.ok) return { seen: false, fault: tags.fault };
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
  const absent = [...bytes.value.absent, ...found.value.absent];
  const lists = await unlisted(registries, copy, absent);
  if (!lists.ok) return { seen: false, fault: lists.fault };
  const detail = [...found.value.details, ...bytes.value.details].join('; ');
  return { seen: true, absent, untagged: tags.value, unlisted: lists.value, detail };
}

async function wrongTags(registries: Registries, { target, tags }: Copy): Promise<Outcome<string[]>> {
  const wrong: string[] = [];
  for (const { tag, digest } of tags) {
    const named = await tagged(registries, target, tag);
    if (!named.ok) return named;
    if (named.value !== digest) wrong.push(tag);
  }
  return { ok: true, value: wrong };
}

/** What is found by no tag is found in the list of referrers only; where it is not there itself, that is told already. */
async function unlisted(
  registries: Registries,
  { target, locked }: Copy,
  absent: readonly Part[],
): Promise<Outcome<string[]>> {
  const gone = new Set(absent.map(({ digest }) => digest));
  const wanted = locked.artifacts.filter(({ tag, digest }) => tag === null && !gone.has(digest));
  const missing: string[] = [];
  for (const subject of new Set(wanted.map((one) => one.subject))) {
    const listed = await registries.referrers(target, subject);
    if (!listed.ok) return listed;
    const names = new Set(listed.value.map(({ digest }) => digest));
    const own = wanted.filter((one) => one.subject === subject && !names.has(one.digest));
    missing.push(...own.map(({ digest }) => digest));
  }
  return { ok: true, value: missing };
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
