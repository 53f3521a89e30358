import type { InventoryReport } from '../../../plugin/supply/inventory-report.ts';
import { assertFits } from '../../schema.ts';

/** A printed inventory, held against its schema. */
export function inventoryIn(json: string): InventoryReport {
  const report: unknown = JSON.parse(json);
  assertFits('schemas/image-inventory.schema.json', report);
  return report as InventoryReport;
}
