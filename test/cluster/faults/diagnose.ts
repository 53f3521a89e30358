import { execFile } from 'node:child_process';
import path from 'node:path';

/** What doctor finds wrong with a pod. */
export interface Diagnosis {
  readonly cause: string;
  readonly scope: string | null;
  readonly remedy: readonly string[];
  readonly evidence: readonly string[];
}

interface Finding extends Diagnosis {
  readonly objects: readonly { readonly kind: string; readonly namespace?: string; readonly name: string }[];
}

interface Report {
  readonly kind: string;
  readonly categories: readonly { readonly checks: readonly { readonly findings: readonly Finding[] }[] }[];
}

const plugin = path.resolve(import.meta.dirname, '../../../plugin/main.ts');

/** Runs a command of the plugin as a person would and returns what it prints; findings are no failure. */
export function runPlugin(args: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile(process.execPath, [plugin, ...args], { maxBuffer: 2 ** 28 }, (error, stdout, stderr) => {
      if (error === null || error.code === 1) resolve(stdout);
      else reject(new Error(`kubectl-airgap ${args.join(' ')} ended with ${error.code}: ${stderr}`));
    });
  });
}

/** Runs `doctor pulls` on a cluster or a dump; the findings of each pod of the default namespace by its name. */
export async function diagnose(source: readonly string[]): Promise<Map<string, Diagnosis[]>> {
  const report = JSON.parse(await runPlugin(['doctor', 'pulls', '-o', 'json', ...source])) as Report;
  const byPod = new Map<string, Diagnosis[]>();
  const findings = report.categories.flatMap(({ checks }) => checks).flatMap((check) => check.findings);
  for (const finding of findings)
    for (const { kind, name } of finding.objects)
      if (kind === 'Pod') byPod.set(name, [...(byPod.get(name) ?? []), finding]);
  return byPod;
}
