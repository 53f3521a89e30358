import type { Fault, Outcome } from '../../../shared/registry/fault.ts';
import type { Registries } from '../../registry/client.ts';
import { digestOf } from '../../registry/digest.ts';
import type { Repository } from '../../registry/line.ts';

/** The digest that a tag names; null where there is no such tag. */
export async function headDigest(
  registries: Registries,
  repository: Repository,
  tag: string,
): Promise<Outcome<string | null>> {
  const head = await registries.manifestHead(repository, tag);
  if (!head.ok) return absentAs(head, null);
  if (head.value.digest !== null) return { ok: true, value: head.value.digest };
  const fetched = await registries.manifest(repository, tag);
  return fetched.ok ? { ok: true, value: digestOf(fetched.value.bytes) } : absentAs(fetched, null);
}

/** What is not there is an answer, and no fault. */
export function absentAs<T>(outcome: { readonly ok: false; readonly fault: Fault }, nothing: T): Outcome<T> {
  return outcome.fault.code === 'not-found' ? { ok: true, value: nothing } : outcome;
}
