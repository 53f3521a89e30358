import type { MirroredImage, MirrorReport } from '../supply/mirror/run-report.ts';
import { cleanLine } from './clean.ts';
import { fitted } from './fitted.ts';
import { sentence } from './sentence.ts';
import { size, time } from './size.ts';
import type { Terminal } from './terminal.ts';

const words: Readonly<Record<MirroredImage['state'], string>> = {
  copied: 'copied',
  present: 'there',
  failed: 'FAILED',
  'left-out': 'left out',
};

const order: readonly MirroredImage['state'][] = ['copied', 'present', 'left-out', 'failed'];

/** `mirror run` in the table: what became of each image, failures last, and the sum. */
export function mirrorReportTable(report: MirrorReport, terminal: Terminal): string {
  const { images, summary, engine, from, to, lock } = report;
  const rows = images
    .toSorted((a, b) => order.indexOf(a.state) - order.indexOf(b.state))
    .map(({ image, target, state, bytes, detail }) => [
      words[state],
      image,
      state === 'copied' ? size(bytes) : '',
      [target ?? '', detail].filter((part) => part !== '').join('; '),
    ]);
  const missing = images.filter(({ state }) => state === 'failed').map(({ image }) => `  ${image}`);
  const lines = [
    `${lock}, from ${from} to ${to} by ${engine}: ${summary.copied} copied (${size(summary.bytes)}), ${summary.present} there already${summary.leftOut === 0 ? '' : `, ${summary.leftOut} left out`}, ${summary.failed} failed, in ${time(summary.seconds)}.`,
    ...(summary.failed === 0
      ? ['Every digest has been read back.']
      : ['Missing; run the same command again to go on where this one stopped:', ...missing]),
  ];
  const told = lines.flatMap((line) =>
    line.startsWith('  ') ? [`  ${cleanLine(line)}`] : sentence(cleanLine(line), terminal),
  );
  return `${[...fitted(['STATE', 'IMAGE', 'SIZE', 'TO'], rows, terminal), '', ...told].join('\n')}\n`;
}
