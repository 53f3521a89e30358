import { AirgapError } from '../../shared/errors.ts';
import type { CustomResource } from '../../shared/policy/compile.ts';
import type { Cluster } from '../cluster/cluster.ts';
import { readManifests, type ReadOptions } from '../policy/manifest-files.ts';
import { objectsOf } from '../policy/manifest-objects.ts';
import { policiesIfAny } from '../policy/open-policies.ts';
import { readText } from '../read-text.ts';
import { listed, startInventory } from './inventory.ts';
import { addInventory, isInventory } from './listed-inventory.ts';
import { inventoryReport, type InventoryReport } from './inventory-report.ts';
import { searchCluster, type SearchOptions, type Unsearched } from './search-cluster.ts';

export interface InventoryRequest extends ReadOptions {
  /** Files and folders of `-f`; with these or a list no cluster is asked. */
  readonly filename: readonly string[];
  /** Files of `--list`: one reference a line. */
  readonly list: readonly string[];
  readonly openCluster: () => Promise<Cluster>;
  readonly search: SearchOptions;
}

/** What is needed, by the files that were named or else by the cluster. Throws an AirgapError for unreadable input. */
export async function takeInventory(request: InventoryRequest): Promise<InventoryReport> {
  const sources = [...request.filename, ...request.list];
  const cluster = sources.length > 0 ? null : await request.openCluster();
  const inventory = startInventory(cluster === null ? [] : await toldBy(cluster));
  const unsearched: Unsearched[] = [];
  for (const source of request.filename)
    for (const text of await readManifests(source, request))
      for (const { object, file, line } of objectsOf(text))
        if (isInventory(object))
          unsearched.push(...addInventory(inventory, object, file, (path) => at(file, line(path))));
        else inventory.add({ object, file: at(file, line([])) });
  for (const file of request.list)
    for (const { image, line } of await readList(file)) inventory.addReference(image, listed(at(file, line)));
  if (cluster === null) return inventoryReport(sources.join(', '), inventory.finish(), unsearched);
  unsearched.push(...(await searchCluster(cluster, inventory, request.search)));
  return inventoryReport(cluster.source, inventory.finish(), unsearched);
}

/** Where the policies of the cluster say that images sit in custom resources; they need not be readable. */
async function toldBy(cluster: Cluster): Promise<readonly CustomResource[]> {
  try {
    return (await policiesIfAny(cluster, () => undefined)).flatMap(({ customResources }) => customResources);
  } catch (error) {
    if (error instanceof AirgapError) return [];
    throw error;
  }
}

/** References of a plain list: one a line; empty lines and what follows `#` are passed over. */
async function readList(file: string): Promise<{ image: string; line: number }[]> {
  const content = await readText(file, 'The list');
  return content.split('\n').flatMap((text, index) => {
    const image = text.replace(/(?:^|\s)#.*$/, '').trim();
    return image === '' ? [] : [{ image, line: index + 1 }];
  });
}

function at(file: string, line: number | null): string {
  return line === null ? file : `${file}:${line}`;
}
