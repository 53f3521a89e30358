import { nameOf, type RepositoryContent, type StoredManifest } from './content.ts';

/** What must stay, by everything that needs it. */
export interface Keep {
  /** Tags by the repository's `host/path`. */
  readonly tags: ReadonlyMap<string, ReadonlySet<string>>;
  /** Digests that locks name: they stay in whatever repository they are. */
  readonly digests: ReadonlySet<string>;
  /** The same by the repository's `host/path` that a lock has them in. */
  readonly lockedIn: ReadonlyMap<string, ReadonlySet<string>>;
  /** Digests that pods run: a manifest's or a config's, so that what lists it stays too. */
  readonly running: ReadonlySet<string>;
  /** Whether a tag of a repository stands for something that is needed under another host's name. */
  readonly named: (repository: string, tag: string) => boolean;
}

/** A manifest to remove, with the tags that go with it. */
export interface Removal {
  readonly digest: string;
  readonly tags: readonly string[];
}

export interface Sorted {
  readonly kept: ReadonlySet<string>;
  /** Tags that stay. */
  readonly keptTags: readonly string[];
  /** In the order to remove them. */
  readonly removals: readonly Removal[];
}

/**
 * Divides what a repository holds into what stays and what may go. What stays is closed: an index keeps its children,
 * an image keeps all that refers to it (by its subject, by the registry's list, by a tag made of its digest), and what
 * pods run keeps the indexes that list it. Pure.
 */
export function sortOut(content: RepositoryContent, keep: Keep): Sorted {
  const { tags, manifests } = content;
  const kept = closure(content, seeds(content, keep));
  const tagsOf = Map.groupBy(tags.keys(), (tag) => tags.get(tag) ?? '');
  const removed = [...manifests.values()].filter(({ digest }) => !kept.has(digest));
  const removals = inOrder(removed, (digest) => tagsOf.has(digest)).map((digest) => ({
    digest,
    tags: (tagsOf.get(digest) ?? []).toSorted(),
  }));
  return { kept, keptTags: [...tags.keys()].filter((tag) => kept.has(tags.get(tag) ?? '')).toSorted(), removals };
}

function seeds({ repository, tags, manifests }: RepositoryContent, keep: Keep): string[] {
  const name = nameOf(repository);
  const all = [...manifests.values()];
  const tagged = [...tags].filter(([tag]) => keep.tags.get(name)?.has(tag) === true || keep.named(name, tag));
  const run = all
    .filter(({ digest, config }) => keep.running.has(digest) || (config !== null && keep.running.has(config)))
    .map(({ digest }) => digest);
  return [
    ...tagged.map(([, digest]) => digest),
    ...[...manifests.keys()].filter((digest) => keep.digests.has(digest)),
    ...run,
    ...indexesAbove(all, run),
  ];
}

function closure({ tags, manifests }: RepositoryContent, first: readonly string[]): Set<string> {
  const all = [...manifests.values()];
  const aboutDigest = Map.groupBy(all, ({ subject }) => subject);
  const byTagOf = Map.groupBy(tags, ([tag]) => digestInTag(tag));
  const kept = new Set<string>();
  const waiting = [...first];
  for (let digest = waiting.pop(); digest !== undefined; digest = waiting.pop()) {
    if (kept.has(digest)) continue;
    kept.add(digest);
    const stored = manifests.get(digest);
    waiting.push(
      ...(stored?.children ?? []),
      ...(stored?.referrers ?? []),
      ...(aboutDigest.get(digest) ?? []).map((referrer) => referrer.digest),
      ...(byTagOf.get(digest) ?? []).map(([, target]) => target),
    );
  }
  return kept;
}

/** Indexes that list one of these, and the indexes that list those. */
function indexesAbove(all: readonly StoredManifest[], digests: readonly string[]): string[] {
  const below = new Set(digests);
  const above = new Set<string>();
  for (let grown = true; grown;) {
    grown = false;
    for (const { digest, children } of all)
      if (!above.has(digest) && children.some((child) => below.has(child))) {
        above.add(digest);
        below.add(digest);
        grown = true;
      }
  }
  return [...above];
}

/** `sha256-HEX`, `sha256-HEX.sig` and the like are made of the digest of what they are about. */
function digestInTag(tag: string): string | null {
  const [, hex] = /^sha256-([0-9a-f]{64})(?:\.[\w-]+)?$/.exec(tag) ?? [];
  return hex === undefined ? null : `sha256:${hex}`;
}

/**
 * What refers to a manifest before that manifest, and an index before what it lists, which follows at once. So no tag is
 * left with half an image, and nothing is left that no tag leads to.
 */
function inOrder(removed: readonly StoredManifest[], isTagged: (digest: string) => boolean): string[] {
  const before = new Map<string, string[]>(removed.map(({ digest }) => [digest, []]));
  for (const { digest, children, referrers, subject } of removed) {
    for (const child of children) before.get(child)?.push(digest);
    before.get(digest)?.push(...referrers);
    if (subject !== null) before.get(subject)?.push(digest);
  }
  const ordered = new Set<string>();
  const entered = new Set<string>();
  const stack = byRoot(removed, isTagged).toReversed();
  for (let digest = stack.at(-1); digest !== undefined; digest = stack.at(-1)) {
    const earlier = (before.get(digest) ?? []).filter((other) => before.has(other) && !entered.has(other));
    entered.add(digest);
    if (earlier.length > 0) stack.push(...earlier);
    else ordered.add(stack.pop() ?? '');
  }
  return [...ordered];
}

/** Every digest: each one that has a tag followed by all that it alone leads to. */
function byRoot(removed: readonly StoredManifest[], isTagged: (digest: string) => boolean): string[] {
  const stored = new Map(removed.map((one) => [one.digest, one]));
  const digests = [...stored.keys()].toSorted();
  const placed = new Set<string>();
  for (const root of [...digests.filter(isTagged), ...digests])
    for (const waiting = [root]; waiting.length > 0;) {
      const digest = waiting.pop() ?? '';
      if (placed.has(digest) || (digest !== root && isTagged(digest))) continue;
      placed.add(digest);
      waiting.push(...(stored.get(digest)?.children ?? []).filter((child) => stored.has(child)));
    }
  return [...placed];
}
