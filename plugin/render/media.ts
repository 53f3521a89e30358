import path from 'node:path';
import type { CheckOutcome } from '../supply/media/check.ts';
import type { LoadOutcome } from '../supply/media/load.ts';
import type { VolumeFault } from '../supply/media/open-volume.ts';
import type { PackOutcome } from '../supply/media/pack.ts';
import { shell } from '../doctor/shell.ts';
import { cleanLine } from './clean.ts';
import { columns } from './columns.ts';
import { count } from './count.ts';
import { size } from './size.ts';

const states = { written: 'written', kept: 'was there and is whole', 'not-asked': 'not written' } as const;

/** The document of `-o json` and `-o yaml`; shapes in `schemas/media-report.schema.json`. */
export function mediaDocument(
  kind: 'MirrorPackReport' | 'MirrorLoadReport' | 'MirrorCheckReport',
  outcome: PackOutcome | LoadOutcome | CheckOutcome,
): object {
  return { apiVersion: 'airgap.dev/v1alpha1', kind, ...outcome };
}

/** What `mirror pack` wrote, and what to do with it on the other side. */
export function packSummary(
  { set, volumes, carried, leftOut }: PackOutcome,
  about: { readonly from: string; readonly to: string; readonly since: string | undefined },
): string {
  const rows = volumes.map(({ file, bytes, done }) => [path.basename(file), size(bytes), states[done]]);
  return lines([
    ...columns([['VOLUME', 'SIZE', ''], ...rows]),
    '',
    `Set ${set.slice(0, 12)}: ${count(volumes.length, 'volume')} in ${about.to} with ${count(carried.blobs, 'blob')}, ${size(carried.bytes)}.`,
    about.since === undefined
      ? ''
      : `Left out, because ${about.since} has them: ${count(leftOut.blobs, 'blob')}, ${size(leftOut.bytes)}.`,
    `On the other side: kubectl airgap mirror load ${shell(about.to)} --to dir:images`,
  ]);
}

/** What `mirror load` did, what is wrong, and what is to be done next. */
export function loadSummary(
  { set, volumes, loaded, missing, faults, lacking, images }: LoadOutcome,
  folder: string,
): string {
  const own = loaded.length === 0 ? [] : [`Loaded ${numbers(loaded)} of ${volumes} (set ${set?.slice(0, 12)}).`];
  const next =
    images !== null
      ? [
          `${folder} is complete: ${count(images, 'image')}.`,
          `Next: kubectl airgap mirror run --from ${shell(`dir:${folder}`)}`,
        ]
      : missing.length > 0
        ? [
            `Not complete: ${numbers(missing)} of ${volumes} ${missing.length === 1 ? 'is' : 'are'} missing.`,
            `Load ${missing.length === 1 ? 'it' : 'them'} the same way: kubectl airgap mirror load VOLUME --to ${shell(`dir:${folder}`)}`,
          ]
        : lacking === null
          ? ['Nothing was loaded.']
          : lackingText(lacking, folder);
  return lines([...faultLines(faults), ...own, ...next]);
}

function lackingText(lacking: NonNullable<LoadOutcome['lacking']>, folder: string): string[] {
  const what = `Not complete: ${count(lacking.digests.length, 'blob')} (${size(lacking.bytes)}) of the lock`;
  const [first] = lacking.digests;
  if (lacking.since === null)
    return [
      `${what} were in the volumes and are gone from ${folder}, such as ${first}.`,
      'Load all volumes again with --restart.',
    ];
  return [
    `${what} are neither in the volumes nor in ${folder}, such as ${first}.`,
    `They were left out of the set because the lock ${lacking.since.slice(0, 12)} has them (--since). Load these volumes into the folder that holds that set, take them from the mirror with --fill-from-mirror, or have the set packed without --since.`,
    ...(lacking.why === null ? [] : [`Not to be had from the mirror: ${lacking.why}`]),
  ];
}

/** What `mirror check` found. */
export function checkSummary({ good, folders, faults }: CheckOutcome): string {
  return lines([
    ...columns(
      good.map(({ file, set, volume, volumes }) => [
        file,
        `volume ${volume} of ${volumes}`,
        `set ${set.slice(0, 12)}`,
        'good',
      ]),
    ),
    ...folders.map((folder) => `${folder.path}: ${count(folder.images, 'image')}, every blob is good.`),
    ...faultLines(faults),
  ]);
}

function faultLines(faults: readonly VolumeFault[]): string[] {
  return faults.flatMap(({ file, why, hint }) => [`wrong: ${file}: ${why}`, `  ${hint}`]);
}

function numbers(all: readonly number[]): string {
  return `volume${all.length === 1 ? '' : 's'} ${all.join(', ')}`;
}

function lines(all: readonly string[]): string {
  return `${all.map(cleanLine).join('\n').trim()}\n`;
}
