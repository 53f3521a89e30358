import { statSync } from 'node:fs';
import { AirgapError, messageOf } from '../../../shared/errors.ts';
import { array, record, type Json } from '../../../shared/kube/json.ts';
import type { Cluster } from '../cluster.ts';
import { ByteSink } from '../json/byte-sink.ts';
import type { Gap, KindName } from '../snapshot.ts';
import { openArchive } from './archive.ts';
import { openDirectory } from './directory.ts';
import type { DumpFiles } from './files.ts';
import { locate, metaFile, observationsFile } from './layout.ts';
import { noMeta, readMeta, type DumpMeta } from './meta.ts';
import { listFrom } from './lists.ts';

const maxOwnFileBytes = 64 << 20;

/** What was looked at beside the API server's objects, as a person would call it. */
const observed: { readonly [K in KindName]?: string } = {
  'registry-probes': 'what registries answered (dump --registry HOST)',
  kubeconfig: 'the certificates of the kubeconfig',
  'tls-endpoints': 'the certificates that servers show',
  tools: 'the releases of kubectl and other tools',
  'pki-files': 'the certificate files of a node (dump --pki-dir DIR)',
};

export interface RecordedCluster extends Cluster {
  readonly meta: DumpMeta;
}

/**
 * A recorded cluster: a folder or an archive in any of the known layouts. Throws `input` for what cannot be read or is
 * no dump, `broken` for a damaged or hostile one.
 */
export async function openDump(path: string, options: { readonly now?: Date } = {}): Promise<RecordedCluster> {
  const files = await openFiles(path);
  const objects = files.files.filter((file) => locate(file.path) !== undefined);
  if (objects.length === 0)
    throw new AirgapError(
      'input',
      `There is nothing in ${path} that a recording of a cluster would hold.`,
      'Expected files like pods.json, a kubectl cluster-info dump, or a support bundle with cluster-resources/.',
    );
  const own = await readOwn(files, path);
  const meta = own.has(metaFile) ? readMeta(own.get(metaFile) ?? {}, path) : noMeta;
  const observations = own.get(observationsFile);
  const newest = new Date(Math.max(...objects.map((file) => file.modified.getTime())));
  const list = listFrom(files, meta);
  return {
    source: path,
    now: options.now ?? meta.time ?? newest,
    meta,
    list,
    async get(type, namespace, name) {
      const found: Json[] = [];
      const gap = await list(
        type,
        (raw) => {
          const metadata = record(raw['metadata']);
          if (metadata['name'] === name && (!type.namespaced || metadata['namespace'] === namespace)) found.push(raw);
        },
        {},
      );
      const [object] = found;
      if (object !== undefined) return { object };
      return {
        gap: gap ?? {
          why: 'absent',
          reason: `the recording holds no ${type.kind} ${name}${type.namespaced ? ` in namespace ${namespace}` : ''}`,
        },
      };
    },
    observe(kind, _snapshot, visit) {
      const recorded = record(observations?.['items'])[kind];
      for (const item of array(recorded)) visit(record(item));
      const gap: Gap | undefined = meta.gaps.get(kind);
      const absent: Gap = { why: 'absent', reason: `the recording does not hold ${observed[kind] ?? kind}` };
      return Promise.resolve(gap ?? (Array.isArray(recorded) ? null : absent));
    },
  };
}

async function openFiles(path: string): Promise<DumpFiles> {
  try {
    const stat = statSync(path);
    if (stat.isDirectory()) return openDirectory(path);
    if (stat.isFile()) return await openArchive(path);
  } catch (error) {
    if (error instanceof AirgapError) throw error;
    const missing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    throw new AirgapError(
      'input',
      missing ? `There is no recording at ${path}.` : `The recording ${path} cannot be read: ${messageOf(error)}.`,
      'Record one with: kubectl airgap dump -o FILE.tar.gz',
      error,
    );
  }
  throw new AirgapError(
    'input',
    `${path} is neither a folder nor a file.`,
    'Pass a folder, a .tar or a .tar.gz to --from.',
  );
}

/** `meta.json` and `observations.json` by their bare names; they lie beside the resources, wherever those lie. */
async function readOwn(files: DumpFiles, dump: string): Promise<Map<string, Json>> {
  const found = new Map<string, Json>();
  const wanted = new Map(
    files.files.flatMap(({ path }) => {
      const name = path.split('/').at(-1) ?? '';
      return name === metaFile || name === observationsFile ? [[path, name] as const] : [];
    }),
  );
  if (wanted.size === 0) return found;
  await files.read((path) => {
    const name = wanted.get(path);
    if (name === undefined || found.has(name)) return undefined;
    const bytes = new ByteSink(maxOwnFileBytes);
    return {
      write: (chunk) => bytes.append(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength), 0, chunk.length),
      end() {
        const again = 'Record it again, or remove that file.';
        if (bytes.overflowed)
          throw new AirgapError('broken', `In the recording ${dump}, ${path} is larger than 64 MiB.`, again);
        try {
          found.set(name, record(JSON.parse(bytes.bytes().toString('utf8'))));
        } catch (error) {
          throw new AirgapError('broken', `In the recording ${dump}, ${path} is not JSON.`, again, error);
        }
      },
    };
  });
  return found;
}
