import type { InventoryReport } from '../supply/inventory-report.ts';
import { placeText } from '../supply/place.ts';
import { cleanLine } from './clean.ts';
import { columns } from './columns.ts';

/** `images -o table` shows the first place of each image; `wide` shows them all. */
export function imagesTable(report: InventoryReport, { wide }: { readonly wide: boolean }): string {
  const rows = [
    ...report.images.map(({ image, places }) => ({ image, note: '', places })),
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
export function imageNames(report: InventoryReport): string {
  return report.images.map(({ image }) => `${cleanLine(image)}\n`).join('');
}

function sums(report: InventoryReport): string[] {
  const hosts = new Set(report.images.map(({ image }) => image.slice(0, image.indexOf('/'))));
  return [
    `${report.images.length} images from ${hosts.size} registries.`,
    ...report.unsearched.map(({ resource, reason }) => `Not searched: ${resource}: ${cleanLine(reason)}.`),
  ];
}
