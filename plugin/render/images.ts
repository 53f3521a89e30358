import type { InventoryReport } from '../supply/inventory-report.ts';
import { placeText } from '../supply/place.ts';
import { cleanLine } from './clean.ts';
import { columns } from './columns.ts';
import { jsonText } from './json.ts';
import { yamlText } from './yaml.ts';

/** An inventory in the format that was asked for. */
export function printInventory(report: InventoryReport, format: 'table' | 'wide' | 'name' | 'json' | 'yaml'): string {
  switch (format) {
    case 'table':
    case 'wide':
      return imagesTable(report, { wide: format === 'wide' });
    case 'name':
      return imageNames(report);
    case 'json':
      return jsonText(report);
    case 'yaml':
      return yamlText(report);
  }
}

/** `images -o table` shows the first place of each image; `wide` shows them all. */
function imagesTable(report: InventoryReport, { wide }: { readonly wide: boolean }): string {
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
  return `${[...columns([['IMAGE', 'NEEDED BY'], ...lines]), '', ...sums(report)].join('\n')}\n`;
}

/** `images -o name`: one reference a line, as other tools read it. */
function imageNames(report: InventoryReport): string {
  return report.images.map(({ image }) => `${cleanLine(image)}\n`).join('');
}

function sums(report: InventoryReport): string[] {
  const hosts = new Set(report.images.map(({ image }) => image.slice(0, image.indexOf('/'))));
  return [
    `${report.images.length} images from ${hosts.size} registries${report.files.length === 0 ? '' : `, and ${report.files.length} files`}.`,
    ...report.unsearched.map(({ resource, reason }) => `Not searched: ${resource}: ${cleanLine(reason)}.`),
  ];
}
