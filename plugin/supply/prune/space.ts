import type { RepositoryContent } from './content.ts';

/** A repository, and which of its manifests stay. */
export interface Divided {
  readonly content: RepositoryContent;
  readonly kept: ReadonlySet<string>;
}

/**
 * Bytes of one registry that nothing kept holds on to any more: blobs and manifests, each once however many images and
 * repositories share it, since a registry stores it once.
 */
export function freedBytes(repositories: readonly Divided[]): number {
  const held = new Set<string>();
  const loose = new Map<string, number>();
  for (const { content, kept } of repositories)
    for (const { digest, size, blobs } of content.manifests.values())
      for (const [part, bytes] of [[digest, size] as const, ...blobs])
        if (kept.has(digest)) held.add(part);
        else loose.set(part, bytes);
  return [...loose].reduce((sum, [part, bytes]) => (held.has(part) ? sum : sum + bytes), 0);
}
