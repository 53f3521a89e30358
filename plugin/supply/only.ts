import { normalize, parseReference } from '../../shared/image/reference.ts';
import type { InventoryReport } from './inventory-report.ts';

/** The report with one image alone: by its exact normalised name, or by its repository where no tag is given. */
export function only(report: InventoryReport, written: string): InventoryReport {
  const parsed = parseReference(written);
  const name = parsed.ok ? normalize(parsed.reference) : written;
  const wanted = (image: string): boolean =>
    image === name || image.startsWith(`${name}:`) || image.startsWith(`${name}@`);
  return {
    ...report,
    files: report.files.filter(({ source }) => source === written),
    images: report.images.filter(({ image }) => wanted(image)),
    invalid: report.invalid.filter(({ image }) => image === written),
  };
}
