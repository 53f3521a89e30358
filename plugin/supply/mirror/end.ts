import path from 'node:path';
import { AirgapError } from '../../../shared/errors.ts';

/**
 * One end of a copy. `registry`: the names that the lock gives, the images' own on the way out and the mirror's on the way
 * in. `folder`: an OCI image layout that holds the whole lock.
 */
export type End = { readonly kind: 'registry' } | { readonly kind: 'folder'; readonly path: string };

export const registries: End = { kind: 'registry' };

/**
 * Reads `dir:PATH` as `--from` and `--to` take it. `oci:PATH`, as skopeo names the same layout, `dir://PATH` and
 * `file://PATH`, as hauler and oc-mirror write it, and a bare path that begins with `/`, `./` or `../` mean the same.
 * Throws an AirgapError (`usage`) for everything else, a registry included: where an image goes is said by the lock.
 */
export function parseEnd(written: string, flag: 'from' | 'to'): End {
  const [, named, bare] =
    /^(?:(?:dir|oci|file):(?:\/\/(?!$)|(?!\/\/))(.+)|((?:\/|\.\.?(?:\/|$)).*))$/s.exec(written) ?? [];
  const folder = named ?? bare;
  if (folder !== undefined && !folder.includes('\u0000')) return { kind: 'folder', path: path.resolve(folder) };
  throw new AirgapError(
    'usage',
    `${JSON.stringify(written)} is no folder for --${flag}.`,
    `Write --${flag} dir:PATH. Which registry an image is copied from or to is said by the lock, so leave the flag out for that.`,
  );
}

/** As the reports name it. */
export function endText(end: End): string {
  return end.kind === 'registry' ? 'registry' : `dir:${end.path}`;
}
