import { AirgapError } from '../../../shared/errors.ts';
import { array, number, record, text, type Json } from '../../../shared/kube/json.ts';
import type { Gap } from '../snapshot.ts';

/** Raised when a reader of the old form would misread the new one; fields may be added without. */
const schemaVersion = 1;

/** What `meta.json` says: of what, when, and what could not be read. */
export interface DumpMeta {
  readonly serverVersion: string | undefined;
  readonly time: Date | undefined;
  /** The context and server it was taken from. */
  readonly source: string | undefined;
  /** By resource (`secrets`, `deployments.apps`) or observation. */
  readonly gaps: ReadonlyMap<string, Gap>;
}

export const noMeta: DumpMeta = { serverVersion: undefined, time: undefined, source: undefined, gaps: new Map() };

/** `meta.json` for a dump taken now. */
export function writeMeta(meta: DumpMeta): Json {
  return {
    schemaVersion,
    time: meta.time?.toISOString(),
    source: meta.source,
    serverVersion: meta.serverVersion,
    gaps: [...meta.gaps]
      .map(([resource, gap]) => ({ resource, ...gap }))
      .sort((a, b) => (a.resource < b.resource ? -1 : 1)),
  };
}

/** Reads it; every field may be missing, since a dump can be made by hand. Throws where a newer release wrote it. */
export function readMeta(raw: Json, dump: string): DumpMeta {
  const version = number(raw['schemaVersion']) ?? schemaVersion;
  if (version > schemaVersion)
    throw new AirgapError(
      'broken',
      `The recording ${dump} was recorded by a newer release (schema version ${version}, this one reads ${schemaVersion}).`,
      'Examine it with that release.',
    );
  const time = new Date(text(raw['time']) ?? Number.NaN);
  const gaps = array(raw['gaps'])
    .map(record)
    .flatMap((entry) => {
      const resource = text(entry['resource']);
      return resource === undefined ? [] : [[resource, readGap(entry)] as const];
    });
  return {
    serverVersion: text(raw['serverVersion']),
    time: Number.isNaN(time.getTime()) ? undefined : time,
    source: text(raw['source']),
    gaps: new Map(gaps),
  };
}

function readGap(entry: Json): Gap {
  const why = text(entry['why']);
  return {
    why: why === 'absent' || why === 'forbidden' || why === 'not-asked' ? why : 'failed',
    reason: text(entry['reason']) ?? 'it could not be read when the recording was made',
  };
}
