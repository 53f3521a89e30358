import type { ReportCheck } from '../doctor/report.ts';
import type { Format } from './index.ts';
import { escapeXml as escape } from './xml.ts';

/** `-o junit`: a suite a category and a case a check, for a CI's test view. */
export const junit: Format = (report) => {
  const all = report.categories.flatMap(({ checks }) => checks);
  const suites = report.categories.map(({ name, checks }) => [
    `  <testsuite name="${escape(name)}" ${totals(checks)} timestamp="${escape(report.time)}">`,
    ...checks.map((check) => testCase(name, check)),
    '  </testsuite>',
  ]);
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="kubectl airgap doctor" ${totals(all)}>`,
    ...suites.flat(),
    '</testsuites>',
    '',
  ].join('\n');
};

function totals(checks: readonly ReportCheck[]): string {
  const count = (...results: readonly ReportCheck['result'][]): number =>
    checks.filter(({ result }) => results.includes(result)).length;
  return `tests="${checks.length}" failures="${count('error', 'warning')}" errors="${count('unknown')}" skipped="${count('skipped')}"`;
}

function testCase(category: string, check: ReportCheck): string {
  const open = `    <testcase classname="doctor.${escape(category)}" name="${escape(`${check.id} ${check.title}`)}"`;
  const inner = outcome(check);
  return inner === '' ? `${open}/>` : `${open}>\n${inner}\n    </testcase>`;
}

function outcome({ result, reason, findings }: ReportCheck): string {
  switch (result) {
    case 'ok':
      return '';
    case 'skipped':
      return `      <skipped message="${escape(reason ?? '')}"/>`;
    case 'unknown':
      return `      <error type="unknown" message="${escape(reason ?? '')}"/>`;
    case 'warning':
    case 'error':
      return findings
        .map(({ cause, summary, evidence, remedy, objects }) => {
          const where = objects.map(({ kind, namespace, name }) => `${kind} ${namespace ?? ''}/${name}`);
          const text = [...where, ...evidence, ...remedy].join('\n');
          return `      <failure type="${escape(cause)}" message="${escape(summary)}">${escape(text)}</failure>`;
        })
        .join('\n');
  }
}
