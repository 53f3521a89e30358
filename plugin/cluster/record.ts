import { AirgapError, messageOf } from '../../shared/errors.ts';
import { collect } from './collect.ts';
import type { Cluster } from './cluster.ts';
import { writeMeta } from './dump/meta.ts';
import { metaFile, observationsFile } from './dump/layout.ts';
import { kinds, type ResourceType } from './kinds.ts';
import { redact } from './redact.ts';
import { resourceName } from './resource-path.ts';
import type { Gap, KindName } from './snapshot.ts';
import { openSpool, type Spool } from './spool.ts';

/** What a dump came to hold. */
export interface Recorded {
  readonly file: string;
  readonly bytes: number;
  /** By resource or observation, in the order of the archive. */
  readonly counts: ReadonlyMap<string, number>;
  /** What could not be read, and why. */
  readonly gaps: ReadonlyMap<string, Gap>;
}

/**
 * Writes everything that checks can need to `file`, a `.tar.gz` in the layout that `openDump` reads. Every object is
 * redacted before it touches the disk. What cannot be read is told in `meta.json`, so that a check on the dump is
 * unknown where it would be unknown on the cluster.
 */
export async function record(
  cluster: Cluster & { readonly serverVersion?: string | undefined },
  file: string,
  options: {
    readonly namespace?: string;
    readonly signal?: AbortSignal;
    readonly progress?: (line: string) => void;
  } = {},
): Promise<Recorded> {
  let spool: Spool | undefined;
  try {
    spool = openSpool(file);
    const tee = writing(cluster, spool);
    await collect(tee.cluster, new Set(Object.keys(kinds) as KindName[]), options);
    options.signal?.throwIfAborted();
    const meta = { serverVersion: cluster.serverVersion, time: cluster.now, source: cluster.source, gaps: tee.gaps };
    const bytes = await spool.finish(
      [
        [metaFile, writeMeta(meta)],
        [observationsFile, { items: tee.observations }],
      ],
      cluster.now,
    );
    return { file, bytes, counts: tee.counts, gaps: tee.gaps };
  } catch (error) {
    if (error instanceof Error && 'syscall' in error)
      throw new AirgapError(
        'input',
        `${file} cannot be written: ${messageOf(error)}.`,
        'Choose another place with -o.',
        error,
      );
    throw error;
  } finally {
    spool?.discard();
  }
}

/** The same cluster, with all that passes through it written to the spool. */
function writing(
  cluster: Cluster,
  spool: Spool,
): { cluster: Cluster; observations: Record<string, unknown[]>; gaps: Map<string, Gap>; counts: Map<string, number> } {
  const observations: Record<string, unknown[]> = {};
  const gaps = new Map<string, Gap>();
  const counts = new Map<string, number>();
  const list: Cluster['list'] = async (type, visit, options) => {
    const name = resourceName(type);
    // Only what the list holds or could hold gets a file: a resource that is not there is told by `meta.json` alone.
    let out: ReturnType<Spool['list']> | undefined;
    counts.set(name, 0);
    const gap = await cluster.list(
      type,
      (raw) => {
        out ??= spool.list(`${name}.json`);
        const left = redact(type, raw);
        counts.set(name, (counts.get(name) ?? 0) + 1);
        out.add({ apiVersion: apiVersion(type), kind: type.kind, ...left });
        visit(left);
      },
      options,
    );
    if (gap === null) out ??= spool.list(`${name}.json`);
    out?.end();
    if (gap !== null) gaps.set(name, gap);
    return gap;
  };
  const observe: Cluster['observe'] = async (kind, snapshot, visit) => {
    const seen: unknown[] = [];
    observations[kind] = seen;
    const gap = await cluster.observe(kind, snapshot, (raw) => {
      seen.push(raw);
      visit(raw);
    });
    if (gap !== null) gaps.set(kind, gap);
    counts.set(kind, seen.length);
    return gap;
  };
  return { cluster: { ...cluster, list, observe }, observations, gaps, counts };
}

function apiVersion({ group, version }: ResourceType): string {
  return group === '' ? version : `${group}/${version}`;
}
