import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Ajv } from 'ajv';
import type { InventoryReport } from '../../../plugin/supply/inventory-report.ts';

const schema = readFileSync(path.join(import.meta.dirname, '../../../schemas/image-inventory.schema.json'), 'utf8');
const validate = new Ajv({ allowUnionTypes: true }).compile(JSON.parse(schema) as object);

/** A printed inventory, held against its schema. */
export function inventoryIn(json: string): InventoryReport {
  const report: unknown = JSON.parse(json);
  assert.ok(validate(report), JSON.stringify(validate.errors));
  return report as InventoryReport;
}
