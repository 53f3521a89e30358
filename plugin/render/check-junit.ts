import type { CheckFinding, CheckReport } from '../policy/check-report.ts';
import { escapeXml } from './xml.ts';

/**
 * `check -o junit`: a suite a file and a case a finding; rewrites pass, what is rejected or would be fails. Where nothing
 * was found, one case says so: CI systems take a document without cases for a run that never happened.
 */
export function checkJunit(report: CheckReport): string {
  const byFile = Map.groupBy(report.findings, ({ file }) => file);
  const suites = [...byFile].flatMap(([file, findings]) => [
    `  <testsuite name="${escapeXml(file)}" ${totals(findings)}>`,
    ...findings.map(testCase),
    '  </testsuite>',
  ]);
  const { objects, images } = report.summary;
  const nothing = [
    `  <testsuite name="kubectl airgap check" ${counts(1, 0)}>`,
    `    <testcase classname="check" name="nothing found: ${images} images in ${objects} objects"/>`,
    '  </testsuite>',
  ];
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="kubectl airgap check" ${report.findings.length === 0 ? counts(1, 0) : totals(report.findings)}>`,
    ...(report.findings.length === 0 ? nothing : suites),
    '</testsuites>',
    '',
  ].join('\n');
}

function totals(findings: readonly CheckFinding[]): string {
  const failures = findings.filter(({ severity }) => severity !== 'info').length;
  return counts(findings.length, failures);
}

function counts(tests: number, failures: number): string {
  return `tests="${tests}" failures="${failures}" errors="0" skipped="0"`;
}

function testCase(finding: CheckFinding): string {
  const { kind, namespace, name, field, image, severity, action, reason, line, file } = finding;
  const open = `    <testcase classname="${escapeXml(`${kind} ${namespace}/${name}`)}" name="${escapeXml(`${field}: ${image}`)}"`;
  if (severity === 'info') return `${open}/>`;
  const place = line === null ? file : `${file}:${line}`;
  return [
    `${open}>`,
    `      <failure type="${escapeXml(action)}" message="${escapeXml(reason)}">${escapeXml(`${place}: ${image}`)}</failure>`,
    '    </testcase>',
  ].join('\n');
}
