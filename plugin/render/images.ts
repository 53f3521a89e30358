import type { InventoryReport } from '../supply/inventory-report.ts';
import { placeText } from '../supply/place.ts';
import { cleanLine } from './clean.ts';
import { count } from './count.ts';
import { fitted } from './fitted.ts';
import { jsonText } from './json.ts';
import { sentence } from './sentence.ts';
import type { Terminal } from './terminal.ts';
import { yamlText } from './yaml.ts';

/** An inventory in the format that was asked for. */
export function printInventory(
  report: InventoryReport,
  format: 'table' | 'wide' | 'name' | 'json' | 'yaml',
  terminal: Terminal,
): string {
  switch (format) {
    case 'table':
    case 'wide':
      return imagesTable(report, format === 'wide', terminal);
    case 'name':
      return imageNames(report);
    case 'json':
      return jsonText(report);
    case 'yaml':
      return yamlText(report);
  }
}

/** `images -o table` shows the first place of each image; `wide` shows them all. */
function imagesTable(report: InventoryReport, wide: boolean, terminal: Terminal): string {
  const rows = [
    ...report.images.map(({ image, places }) => ({ image, note: '', places })),
    ...report.files.map(({ source, kind, places }) => ({ image: source, note: ` (${kind})`, places })),
    ...report.invalid.map(({ image, reason, places }) => ({ image, note: ` (invalid: ${reason})`, places })),
  ];
  const lines = rows.flatMap(({ image, note, places }) =>
    (wide ? places : places.slice(0, 1)).map((place, index) => [
      index === 0 ? `${image}${note}` : '',
      placeText(place) + (wide || places.length === 1 ? '' : ` and ${places.length - 1} more`),
    ]),
  );
  return `${[...fitted(['IMAGE', 'NEEDED BY'], lines, terminal), '', ...sums(report).flatMap((line) => sentence(line, terminal))].join('\n')}\n`;
}

/** `images -o name`: one reference a line, as other tools read it. */
function imageNames(report: InventoryReport): string {
  return report.images.map(({ image }) => `${cleanLine(image)}\n`).join('');
}

function sums(report: InventoryReport): string[] {
  const hosts = new Set(report.images.map(({ image }) => image.slice(0, image.indexOf('/'))));
  return [
    `${count(report.images.length, 'image')} from ${count(hosts.size, 'registry', 'registries')}${report.files.length === 0 ? '' : `, and ${count(report.files.length, 'file')}`}.`,
    ...unsearched(report),
  ];
}

/** What was not searched for the same reason stands together; a reason mostly ends with the name of the resource. */
function unsearched(report: InventoryReport): string[] {
  const byReason = Map.groupBy(report.unsearched, ({ resource, reason }) =>
    reason.endsWith(` ${resource}`) ? `${reason.slice(0, -resource.length)}them` : reason,
  );
  return [...byReason].map(([shared, members]) => {
    const [first] = members;
    const reason = members.length === 1 && first !== undefined ? first.reason : shared;
    return cleanLine(`Not searched: ${members.map(({ resource }) => resource).join(', ')}: ${reason}.`);
  });
}
