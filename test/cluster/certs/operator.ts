import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { DoctorReport, ReportCheck, ReportFinding } from '../../../plugin/doctor/report.ts';
import type { ControlPlaneCluster } from '../cluster.ts';
import { tool } from '../tools/build.ts';

const run = promisify(execFile);
const root = path.resolve(import.meta.dirname, '../../..');

/** Somebody at a terminal with a folder of his own, who asks doctor and pastes what it says. */
export interface Operator extends AsyncDisposable {
  readonly folder: string;
  /** The rows of the report of the categories `certs` and `admission`. */
  doctor(flags?: readonly string[]): Promise<ReportCheck[]>;
  /** Runs another command of the plugin. */
  plugin(args: readonly string[]): Promise<string>;
  /** The findings that speak of `word`. */
  findings(word: string, flags?: readonly string[]): Promise<ReportFinding[]>;
  /** Asks until something is found of `word`, as controllers take their time. */
  found(word: string): Promise<ReportFinding[]>;
  /** Asks until nothing is found of `word` any more. */
  gone(word: string): Promise<void>;
  /** Pastes the commands of a remedy that match into a shell. */
  paste(finding: Pick<ReportFinding, 'remedy'> | undefined, which: RegExp): Promise<string>;
}

export async function operatorOf(cluster: ControlPlaneCluster): Promise<Operator> {
  const folder = mkdtempSync(path.join(tmpdir(), 'airgap-operator-'));
  const directory = path.dirname(await tool('kubectl'));
  // kubectl finds the plugin on the PATH, as where it is installed.
  const command = `exec ${process.execPath} ${path.join(root, 'plugin/main.ts')} "$@"`;
  writeFileSync(path.join(folder, 'kubectl-airgap'), `#!/bin/sh\n${command}\n`, { mode: 0o755 });
  const env = { ...process.env, KUBECONFIG: cluster.kubeconfig, PATH: `${folder}:${directory}:${process.env['PATH']}` };
  const plugin: Operator['plugin'] = async (args) =>
    (await run(process.execPath, ['plugin/main.ts', ...args], { cwd: root, env, maxBuffer: 2 ** 28 })).stdout;
  const doctor: Operator['doctor'] = async (flags = []) => {
    const stdout = await plugin(['doctor', 'certs', 'admission', '-o', 'json', '--fail-on', 'never', ...flags]);
    return (JSON.parse(stdout) as DoctorReport).categories.flatMap(({ checks }) => checks);
  };
  const findings: Operator['findings'] = async (word, flags) =>
    (await doctor(flags))
      .flatMap((check) => check.findings)
      .filter((finding) => JSON.stringify(finding).includes(word));
  const until = async (word: string, holds: (found: readonly ReportFinding[]) => boolean): Promise<ReportFinding[]> => {
    for (let tries = 0; ; tries += 1) {
      const seen = await findings(word);
      if (holds(seen)) return seen;
      assert.ok(tries < 40, `${word}: ${JSON.stringify(seen)}`);
      await sleep(1000);
    }
  };
  return {
    folder,
    doctor,
    plugin,
    findings,
    found: (word) => until(word, (seen) => seen.length > 0),
    gone: async (word) => void (await until(word, (seen) => seen.length === 0)),
    paste: async (finding, which) => {
      const commands = (finding?.remedy ?? []).filter((line) => line.startsWith('$ ') && which.test(line));
      assert.ok(commands.length > 0, `no ${which} in ${JSON.stringify(finding)}`);
      const script = commands.map((line) => line.slice(2)).join('\n');
      return (await run('bash', ['-ec', script], { cwd: folder, env })).stdout;
    },
    [Symbol.asyncDispose]: () => Promise.resolve(rmSync(folder, { recursive: true })),
  };
}

/** `severity cause` of each, in order, each once. */
export function causesOf(findings: readonly ReportFinding[]): string[] {
  return [...new Set(findings.map(({ severity, cause }) => `${severity} ${cause}`))].toSorted();
}
