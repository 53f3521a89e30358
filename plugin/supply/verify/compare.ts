import { digestsOf, type LockedDigest, type LockedDigests, type LockedFileDigest } from './locked.ts';
import type { MirrorState } from './look-at-mirror.ts';
import { differences, type Difference, type VerifyFinding, type VerifyReport } from './report.ts';
import type { RunningImage } from './running.ts';

export interface Evidence {
  /** The digests of the files beside the lock, by path; null for one that is not there. */
  readonly files?: ReadonlyMap<string, string | null>;
  /** What the mirror holds, by the lock's name of the image; undefined where the mirror was not looked at. */
  readonly mirror?: ReadonlyMap<string, MirrorState>;
  /** What nodes run, and of which cluster; undefined where no cluster was looked at. */
  readonly running?: { readonly source: string; readonly images: readonly RunningImage[] };
}

type Told = Partial<Omit<VerifyFinding, 'severity'>> & Pick<VerifyFinding, 'difference' | 'image'>;

/** Holds lock, mirror and cluster against each other. Pure: the same three give the same report. */
export function compare(file: string, lock: LockedDigests, { mirror, running, files }: Evidence): VerifyReport {
  const findings = [
    ...(mirror === undefined ? [] : lock.images.flatMap((locked) => inMirror(locked, mirror.get(locked.image)))),
    ...(running === undefined ? [] : onNodes(lock, running.images)),
    ...(files === undefined
      ? []
      : (lock.files ?? []).flatMap((file) => besideLock(file, files.get(file.source) ?? null))),
  ].map(finish);
  const counts = Object.fromEntries(Object.keys(differences).map((name) => [name, 0])) as Record<Difference, number>;
  for (const { difference } of findings) counts[difference] += 1;
  const wrong = new Set(findings.filter(({ mirror: at }) => at !== null).map(({ image }) => image));
  const same = mirror === undefined ? 0 : lock.images.filter(({ image }) => !wrong.has(image)).length;
  return {
    apiVersion: 'airgap.dev/v1alpha1',
    kind: 'VerifyReport',
    lock: file,
    source: running?.source ?? null,
    summary: { locked: lock.images.length, same, running: running?.images.length ?? 0, ...counts },
    findings,
  };
}

function finish(told: Told): VerifyFinding {
  const { difference, image } = told;
  const nothing = { mirror: null, locked: null, found: null, part: null, fault: null, detail: '', places: [] };
  return { ...nothing, ...told, difference, severity: differences[difference], image };
}

function inMirror(locked: LockedDigest, state: MirrorState | undefined): Told[] {
  if (state === undefined) return [];
  const about = { image: locked.image, mirror: state.at, locked: locked.digest };
  if (!state.seen)
    return [
      {
        ...about,
        difference: 'not-seen',
        fault: state.fault.code,
        detail: `${state.fault.host}: ${state.fault.detail}`,
      },
    ];
  if (!state.present && state.tagged === null) return [{ ...about, difference: 'missing' }];
  const byDigest = locked.image.includes('@');
  const moved: Told[] =
    byDigest || state.tagged === locked.digest
      ? []
      : [
          {
            ...about,
            difference: 'moved-tag',
            found: state.tagged,
            detail: state.present ? 'the locked digest is there as well' : '',
          },
        ];
  // Without the image itself its parts are not there either, and saying so adds nothing.
  if (!state.present) return moved;
  const absent = new Set(state.absent);
  return [
    ...moved,
    ...locked.manifests
      .filter(({ digest }) => absent.has(digest))
      .map(({ platform, digest }): Told => ({
        ...about,
        difference: 'platform-missing',
        locked: digest,
        part: platform,
      })),
    ...locked.artifacts
      .filter(({ digest }) => state.leftBehind.has(digest))
      .map(({ digest, tag, artifactType }): Told => ({
        ...about,
        difference: 'artifact-missing',
        locked: digest,
        part: tag ?? artifactType,
        detail: state.leftBehind.get(digest) ?? '',
      })),
  ];
}

function besideLock({ source, digest }: LockedFileDigest, found: string | null): Told[] {
  if (found === digest) return [];
  return [{ difference: found === null ? 'file-missing' : 'file-changed', image: source, locked: digest, found }];
}

function onNodes(lock: LockedDigests, running: readonly RunningImage[]): Told[] {
  const byName = new Map<string, LockedDigest>();
  const byDigest = new Map<string, LockedDigest>();
  for (const locked of lock.images) {
    for (const name of [locked.image, locked.mirror]) if (name !== null) byName.set(name, locked);
    for (const digest of digestsOf(locked)) byDigest.set(digest, locked);
  }
  const used = new Set<LockedDigest>();
  const told = running.flatMap(({ image, digest, places }): Told[] => {
    const named = byName.get(image);
    const held = digest === null ? undefined : byDigest.get(digest);
    for (const locked of [named, held]) if (locked !== undefined) used.add(locked);
    // The same content under a name that the lock does not have is still what was locked.
    if (
      digest === null
        ? named !== undefined
        : named === undefined
          ? held !== undefined
          : digestsOf(named).includes(digest)
    )
      return [];
    if (named === undefined) return [{ difference: 'running-not-locked', image, found: digest, places }];
    return [{ difference: 'running-other', image: named.image, locked: named.digest, found: digest, places }];
  });
  const idle = lock.images.filter((locked) => !used.has(locked));
  return [
    ...told,
    ...idle.map(({ image, digest }): Told => ({ difference: 'locked-not-running', image, locked: digest })),
  ];
}
