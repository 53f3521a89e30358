import type { VerifyFinding, VerifyReport } from '../supply/verify/report.ts';
import { cleanLine } from './clean.ts';
import { fitted } from './fitted.ts';
import { sentence } from './sentence.ts';
import type { Terminal } from './terminal.ts';

const words: Readonly<Record<VerifyFinding['difference'], string>> = {
  missing: 'not in the mirror',
  'moved-tag': 'another digest in the mirror',
  'platform-missing': 'a platform is not in the mirror',
  'artifact-missing': 'a signature or attestation is not in the mirror',
  'not-seen': 'the mirror did not answer',
  'running-other': 'another digest runs',
  'running-not-locked': 'runs and is not locked',
  'locked-not-running': 'locked and not running',
  'file-missing': 'not beside the lock',
  'file-changed': 'another content beside the lock',
};

/** `verify` in the table: what differs, the worst first, and the sum of all of it. */
export function verifyTable({ summary, findings, lock, source }: VerifyReport, terminal: Terminal): string {
  const order = ['error', 'warning', 'info'];
  const rows = findings
    .filter(({ severity }) => severity !== 'info')
    .toSorted((a, b) => order.indexOf(a.severity) - order.indexOf(b.severity))
    .map((finding) => [
      finding.severity.toUpperCase(),
      words[finding.difference],
      cleanLine(finding.image),
      about(finding),
    ]);
  const idle = summary['locked-not-running'];
  const sums = [
    `${lock}: ${summary.locked} images locked, ${summary.same} the same in the mirror${source === null ? '' : `, ${summary.running} running in ${source}`}.`,
    ...(idle === 0 ? [] : [`${idle} locked and not running, which is no fault.`]),
    rows.length === 0 ? 'No difference.' : `${rows.length === 1 ? 'One difference' : `${rows.length} differences`}.`,
  ];
  const headings = ['SEVERITY', 'DIFFERENCE', 'IMAGE', 'DETAIL'];
  const table = rows.length === 0 ? [] : [...fitted(headings, rows, terminal), ''];
  return `${[...table, ...sums.flatMap((line) => sentence(cleanLine(line), terminal))].join('\n')}\n`;
}

function about({ locked, found, part, mirror, detail, places }: VerifyFinding): string {
  const first = places[0];
  const parts = [
    part,
    found === null || locked === null ? null : `${short(locked)} locked, ${short(found)} found`,
    mirror === null ? null : `at ${mirror}`,
    detail === '' ? null : detail,
    first === undefined ? null : places.length === 1 ? first : `${first} and ${places.length - 1} more`,
  ];
  return cleanLine(parts.filter((one) => one !== null).join('; '));
}

/** Enough of a digest to tell two apart by eye; JSON has the whole. */
function short(digest: string): string {
  return digest.slice(0, 'sha256:'.length + 12);
}
