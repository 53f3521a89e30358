import type { Inventory } from './inventory.ts';
import type { Unsearched } from './search-cluster.ts';

/** The document that `images -o json` prints; its JSON Schema is `schemas/image-inventory.schema.json`. */
export interface InventoryReport extends Inventory {
  readonly apiVersion: 'airgap.dev/v1alpha1';
  readonly kind: 'ImageInventory';
  /** The cluster, the dump or the files that were searched. */
  readonly source: string;
  /** What could not be searched: with an entry here, the inventory may lack images. */
  readonly unsearched: readonly Unsearched[];
}

export function inventoryReport(
  source: string,
  inventory: Inventory,
  unsearched: readonly Unsearched[],
): InventoryReport {
  return { apiVersion: 'airgap.dev/v1alpha1', kind: 'ImageInventory', source, ...inventory, unsearched };
}
