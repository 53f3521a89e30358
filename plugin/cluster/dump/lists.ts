import { array, record, text, type Json } from '../../../shared/kube/json.ts';
import type { Cluster, ListOptions } from '../cluster.ts';
import { ByteSink } from '../json/byte-sink.ts';
import type { ResourceType } from '../kinds.ts';
import { resourceName } from '../resource-path.ts';
import type { Gap } from '../snapshot.ts';
import type { DumpFiles, Sink } from './files.ts';
import { locate } from './layout.ts';
import type { DumpMeta } from './meta.ts';
import { objectsIn } from './objects.ts';
import { matches } from './selector.ts';

interface Demand {
  readonly type: ResourceType;
  readonly options: ListOptions;
  readonly visit: (raw: Json) => void;
  readonly faults: Gap[];
  files: number;
  readonly done: (gap: Gap | null) => void;
  readonly failed: (error: unknown) => void;
}

/**
 * `list` over the files of a dump. Lists that are asked for together are answered from one pass, because an archive can
 * only be read from its beginning.
 */
export function listFrom(files: DumpFiles, meta: DumpMeta): Cluster['list'] {
  let waiting: Demand[] = [];

  const serve = async (): Promise<void> => {
    const demands = waiting;
    waiting = [];
    try {
      const bundle = files.files.some(({ path }) => inBundle(path));
      const ends: Promise<void>[] = [];
      await files.read((path) => {
        if (bundle && !inBundle(path)) return undefined;
        const located = locate(path);
        const takers = demands.filter(({ type }) => located !== undefined && holds(located.resource, type));
        if (located === undefined || takers.length === 0) return undefined;
        const sinks = takers.map((demand) =>
          located.holds === 'objects' ? objectSink(path, demand) : errorSink(demand),
        );
        return {
          write: (chunk) => sinks.forEach((sink) => sink.write(chunk)),
          end: () => sinks.forEach((sink) => ends.push(Promise.resolve(sink.end()))),
        };
      });
      await Promise.all(ends);
      for (const demand of demands) demand.done(outcome(demand, meta));
    } catch (error) {
      for (const demand of demands) demand.failed(error);
    }
  };

  return (type, visit, options = {}) => {
    const { promise, resolve, reject } = Promise.withResolvers<Gap | null>();
    if (waiting.length === 0) setImmediate(() => void serve());
    waiting.push({ type, visit, options, faults: [], files: 0, done: resolve, failed: reject });
    return promise;
  };
}

const inBundle = (path: string): boolean => path.split('/').includes('cluster-resources');

/** A file made by hand may leave the group out: `deployments.json`. */
function holds(resource: string, type: ResourceType): boolean {
  return resource === resourceName(type) || resource === type.plural;
}

function objectSink(path: string, demand: Demand): Sink {
  demand.files += 1;
  const { namespace, fieldSelector } = demand.options;
  return objectsIn(
    path,
    demand.type.kind,
    (raw) => {
      if (namespace !== undefined && demand.type.namespaced && record(raw['metadata'])['namespace'] !== namespace)
        return;
      if (fieldSelector === undefined || matches(raw, fieldSelector)) demand.visit(raw);
    },
    (reason) => demand.faults.push({ why: 'failed', reason }),
  );
}

/** A support bundle lists beside each resource what it could not read: by namespace, or as a plain list. */
function errorSink(demand: Demand): Sink {
  const bytes = new ByteSink(1 << 20);
  return {
    write: (chunk) => bytes.append(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength), 0, chunk.length),
    end() {
      let errors: unknown;
      try {
        errors = JSON.parse(bytes.bytes().toString('utf8'));
      } catch {
        // An error file that says nothing readable takes nothing away from the objects beside it.
      }
      const [first] = [...array(errors), ...Object.values(record(errors))].flatMap((entry) => text(entry) ?? []);
      if (first === undefined) return;
      demand.faults.push({
        why: /forbidden/i.test(first) ? 'forbidden' : 'failed',
        reason: `when the bundle was taken: ${first.slice(0, 300)}`,
      });
    },
  };
}

function outcome({ type, faults, files }: Demand, meta: DumpMeta): Gap | null {
  const recorded = meta.gaps.get(resourceName(type)) ?? meta.gaps.get(type.plural);
  return (
    recorded ??
    faults[0] ??
    (files === 0 ? { why: 'absent', reason: `the recording does not hold ${resourceName(type)}` } : null)
  );
}
