import type { MirrorPlan, PlannedImage } from '../supply/mirror/plan-report.ts';
import { cleanLine } from './clean.ts';
import { columns } from './columns.ts';
import { fitted } from './fitted.ts';
import { sentence } from './sentence.ts';
import { size, time } from './size.ts';
import type { Terminal } from './terminal.ts';

const words: Readonly<Record<PlannedImage['state'], string>> = {
  copy: 'copy',
  present: 'there',
  'left-out': 'left out',
  'not-seen': 'not seen',
};

/** `mirror plan` in the table: every image, the sums by platform, and what it takes. */
export function mirrorPlanTable(plan: MirrorPlan, terminal: Terminal): string {
  const { summary, disk, platforms, images, lock, from, to } = plan;
  const rows = images.map(({ image, target, state, bytes, missing, detail }) => [
    words[state],
    image,
    state === 'left-out' ? '' : size(bytes),
    state === 'left-out' ? '' : size(missing),
    [target ?? '', detail].filter((part) => part !== '').join('; '),
  ]);
  const sums = platforms.map((one) => [one.platform, String(one.images), size(one.bytes), size(one.missing)]);
  const lines = [
    ...columns([['PLATFORM', 'IMAGES', 'SIZE', 'MISSING'], ...sums]),
    '',
    `${lock}, from ${from} to ${to}: ${summary.images} images, ${size(summary.unique)} in ${summary.blobs} blobs, each counted once.`,
    `${summary.copy} to copy, ${summary.present} there${summary.leftOut === 0 ? '' : `, ${summary.leftOut} left out`}${summary.notSeen === 0 ? '' : `, ${summary.notSeen} not seen: the target did not answer`}.`,
    `${size(summary.move)} to move${summary.move === summary.missing ? '' : `, of which ${size(summary.missing)} is new to the target`}${summary.seconds === null || summary.rate === null ? '' : `: ${time(summary.seconds)} at ${size(summary.rate)}/s`}.`,
    ...(disk === null
      ? []
      : [
          `${disk.path}: ${size(disk.needed)} needed, ${size(disk.free)} free${disk.enough ? '' : `: ${size(disk.needed - disk.free)} too little`}.`,
        ]),
  ];
  const told = lines.flatMap((line) => sentence(line === '' ? line : cleanLine(line), terminal));
  return `${[...fitted(['STATE', 'IMAGE', 'SIZE', 'MISSING', 'TO'], rows, terminal), '', ...told].join('\n')}\n`;
}
