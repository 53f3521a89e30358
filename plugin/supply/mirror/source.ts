import type { Fault, Outcome } from '../../../shared/registry/fault.ts';
import type { Registries } from '../../registry/client.ts';
import type { Manifest } from '../../registry/manifest.ts';
import type { Copy } from './copies.ts';
import type { Folder } from './folder/folder.ts';
import { readManifest } from './folder/manifest.ts';
import type { Part } from './parts.ts';

/** What can be taken from a source. */
export interface Offer {
  /** Whether the index goes without some of its manifests: it names more than are locked, or than a folder has. */
  readonly partial: boolean;
  /** Whether the others could be had as well. */
  readonly all: boolean;
}

/** The two worlds that are copied from. It is asked before an engine starts, so that what is wrong has a name. */
export interface Source {
  offer(copy: Copy, wanted: readonly Part[]): Promise<Outcome<Offer>>;
}

/**
 * The images' own registries. A blob is asked for too: a registry may send its readers on to a store, and an engine would
 * follow to hosts that nobody named.
 */
export function registrySource(registries: Registries): Source {
  return {
    offer: async ({ source, locked }, wanted) => {
      const fetched = await registries.manifest(source, locked.digest);
      if (!fetched.ok) return fetched;
      const blob = wanted.filter(({ kind }) => kind === 'blob').toSorted((a, b) => a.size - b.size)[0];
      if (blob !== undefined) {
        const answer = await registries.blob(source, blob.digest, 0, 0);
        if (!answer.ok) return answer;
        answer.value.stream.destroy();
      }
      return { ok: true, value: { partial: others(fetched.value.manifest, locked).length > 0, all: true } };
    },
  };
}

/** A folder, which has to hold everything that is wanted with its right size; engines hash what they read. */
export function folderSource(folder: Folder): Source {
  return {
    offer: async ({ locked }, wanted) => {
      const found = await readManifest(folder, locked.digest);
      if (found === null) return { ok: false, fault: lacking(folder, `it has no good copy of ${locked.digest}`) };
      for (const { digest, size } of wanted) {
        const there = await folder.size(digest);
        if (there === null) return { ok: false, fault: lacking(folder, `${digest} is not there`) };
        if (there !== size)
          return { ok: false, fault: lacking(folder, `${digest} has ${there} bytes in place of ${size}`) };
      }
      const rest = await Promise.all(others(found.manifest, locked).map((digest) => folder.size(digest)));
      const all = rest.every((size) => size !== null);
      return { ok: true, value: { partial: !all, all } };
    },
  };
}

function others(manifest: Manifest, { manifests }: Copy['locked']): string[] {
  if (manifest.kind !== 'index') return [];
  const known = new Set(manifests.map(({ digest }) => digest));
  return manifest.children.map(({ digest }) => digest).filter((digest) => !known.has(digest));
}

function lacking(folder: Folder, detail: string): Fault {
  return { code: 'not-found', host: `dir:${folder.path}`, role: 'registry', detail };
}
