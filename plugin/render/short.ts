import { cleanLine } from './clean.ts';
import { objectsText } from './finding.ts';
import { hang } from './hang.ts';
import type { Format } from './index.ts';
import { inkOf } from './ink.ts';
import { plain } from './plain.ts';
import { found, problems } from './summary.ts';
import { verdict, verdictWidth } from './verdict.ts';

const howToCure = 'How to cure one: kubectl airgap explain CAUSE, or this command without -o short.';

/** `-o short`: problems only, a paragraph each, and what could not be looked at. */
export const short: Format = (report, { terminal }) => {
  const ink = inkOf(terminal);
  const checks = report.categories.flatMap((category) => category.checks);
  const lines = checks.flatMap((check) => [
    ...check.findings.map(({ severity, cause, summary, objects }) => ({
      result: severity,
      text: `${cause}: ${cleanLine(summary)} (${objectsText(objects, 1)})`,
    })),
    ...(check.result === 'unknown'
      ? [{ result: check.result, text: `${check.id}: ${check.title}: ${cleanLine(check.reason ?? '')}` }]
      : []),
  ]);
  const blocks = lines.flatMap(({ result, text }) =>
    hang(`${verdict(result, terminal, ink)} `, verdictWidth + 1, text, terminal.width),
  );
  const cures = found(report) === 0 ? [] : hang('', 0, howToCure, terminal.width);
  const text = `${[...blocks, problems(report), ...cures].join('\n')}\n`;
  return terminal.unicode ? text : plain(text);
};
