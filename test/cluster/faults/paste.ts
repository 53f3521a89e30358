import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { tool } from '../tools/build.ts';
import type { Diagnosis } from './diagnose.ts';
import type { Fault, Stage } from './fault.ts';

/** A cure that is nothing but commands of the remedy, as they are printed. */
export interface Paste {
  /** Which commands of the remedies, run in the order in which they stand there. */
  readonly commands: RegExp;
  /** What the operator puts in for the words in capitals. */
  readonly fill?: (stage: Stage) => Readonly<Record<string, string>>;
  /** Run first, for files that the remedy expects the operator to bring. */
  readonly before?: string;
}

/** The remedy's way of a copy from outside into the gap, out of one registry into an archive and from there into another. */
export function copyFrom(original: string): Paste {
  return { commands: /skopeo copy --all/v, fill: () => ({ ORIGINAL: original }) };
}

/**
 * Runs the commands on the node, where the names of the registries resolve, with kubectl's credentials at hand and in
 * an empty folder but for `ca.crt`, the authority of the registries. Fails when the remedy has no such command.
 */
export async function pasteRemedy(
  stage: Stage,
  { id, causes, paste }: Fault,
  diagnoses: readonly Diagnosis[],
): Promise<void> {
  if (paste === undefined) return;
  const cause = diagnoses.find((diagnosis) => diagnosis.cause === causes[0]);
  const commands = (cause?.remedy ?? []).filter((line) => line.startsWith('$ ') && paste.commands.test(line));
  if (commands.length === 0)
    throw new Error(`${id}: no command of the remedy is ${paste.commands}: ${cause?.remedy.join('\n')}`);
  const directory = path.join(stage.cluster.directory, 'pasted', id);
  mkdirSync(directory, { recursive: true });
  const ca = path.join(directory, 'ca.crt');
  writeFileSync(ca, stage.cluster.registries.authority.certificate);
  const programs = [path.dirname(await tool('kubectl')), path.dirname(await tool('ctr'))];
  const lines = [
    'set -e -o pipefail',
    // Who pastes on this node is root already.
    'sudo() { "$@"; }',
    `export KUBECONFIG=${stage.cluster.kubeconfig} SSL_CERT_FILE=${ca} PATH=${programs.join(':')}:$PATH`,
    `cd ${directory}`,
    paste.before ?? '',
    ...commands.map((command) => filled(command.slice(2), paste.fill?.(stage) ?? {})),
  ];
  await stage.cluster.place.run(['bash', '-c', lines.join('\n')]);
}

function filled(command: string, words: Readonly<Record<string, string>>): string {
  const text = Object.entries(words).reduce((text, [word, value]) => text.replaceAll(word, value), command);
  const open = /\b(?:ADDRESS|USER|PASSWORD|ORIGINAL|SOURCE|MIRROR|REGISTRY|PATH|TAG)\b/v.exec(
    text.replaceAll('$PATH', ''),
  );
  if (open !== null) throw new Error(`nothing is said to be put in for ${open[0]}: ${command}`);
  return text;
}
