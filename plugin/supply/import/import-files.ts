import { AirgapError } from '../../../shared/errors.ts';
import { readStream, readText } from '../../read-text.ts';
import { inventoryReport, type InventoryReport } from '../inventory-report.ts';
import { listed, startInventory, type InventoryBuilder } from '../inventory.ts';
import { besides } from '../listed-inventory.ts';
import type { Unsearched } from '../search-cluster.ts';
import type { Finding } from './finding.ts';
import { readers, type ImportFormat } from './index.ts';
import { readDocuments } from './read-documents.ts';

export interface ImportRequest {
  /** `-` is standard input. */
  readonly files: readonly string[];
  /** Null where each file is to say what it is. */
  readonly format: ImportFormat | null;
  readonly stdin: AsyncIterable<Uint8Array>;
}

/** Reads other tools' files into one inventory; what only a registry, a chart or another file can tell is `unsearched`. */
export async function importFiles({ files, format, stdin }: ImportRequest): Promise<InventoryReport> {
  const inventory = startInventory();
  const open: Unsearched[] = [];
  for (const file of files) {
    const text = file === '-' ? await readStream(stdin) : await readText(file, 'The file');
    open.push(...importText(inventory, text, file, format));
  }
  return inventoryReport(files.join(', '), inventory.finish(), open);
}

/** One file's text; the documents of one file may be of several kinds of one tool. */
export function importText(
  inventory: InventoryBuilder,
  text: string,
  file: string,
  format: ImportFormat | null,
): Unsearched[] {
  const documents = readDocuments(text, file).filter(({ value }) => Object.keys(value).length > 0);
  if (documents.length === 0) throw new AirgapError('input', `${file} holds no document.`, 'Check its path.');
  return documents.flatMap(({ value, line }) => {
    const name = format ?? nameOf(value);
    if (name === undefined) throw unknown(file, line([]));
    return readers[name].read(value).flatMap((finding) => note(inventory, finding, name, file, line(finding.path)));
  });
}

function nameOf(value: Parameters<(typeof readers)['regsync']['recognises']>[0]): ImportFormat | undefined {
  return (Object.keys(readers) as ImportFormat[]).find((name) => readers[name].recognises(value));
}

function note(inventory: InventoryBuilder, finding: Finding, format: string, file: string, line: number): Unsearched[] {
  const field = finding.path
    .map((step) => (typeof step === 'number' ? `[${step}]` : `.${step}`))
    .join('')
    .replace(/^\./, '');
  const place = listed(`${file}:${line}`, format, field);
  switch (finding.is) {
    case 'image':
      inventory.addReference(finding.image, place);
      return [];
    case 'file':
      inventory.addFile(besides(file, finding.source), finding.chart ? 'chart' : 'file', place);
      return [];
    case 'unresolved':
      return [{ resource: `${file}:${line} ${field}`, why: 'failed', reason: finding.reason }];
  }
}

function unknown(file: string, line: number): AirgapError {
  return new AirgapError(
    'input',
    `${file}, line ${line}, is no file of ${Object.keys(readers).join(', ')} that is known here.`,
    'Say which it is with --format, and look whether it is the right file.',
  );
}
