import { array, record, text, textMap, type Json } from '../../shared/kube/json.ts';
import { readMutatingWebhookConfiguration } from '../../shared/kube/webhook-configuration.ts';
import type { Cluster, ListOptions } from '../cluster/cluster.ts';
import { resourceType, type ResourceType } from '../cluster/kinds.ts';
import type { Gap } from '../cluster/snapshot.ts';
import { inTurns } from '../in-turns.ts';
import type { InventoryBuilder } from './inventory.ts';
import { workloads } from './workloads.ts';

export interface SearchOptions extends ListOptions {
  /** Also count what the nodes hold, needed or not. */
  readonly nodes: boolean;
  readonly progress: (line: string) => void;
}

/** What could not be searched: the resource (or the place in a file) and why; an inventory with gaps is not a proof of completeness. */
export interface Unsearched {
  readonly resource: string;
  readonly why: Gap['why'];
  readonly reason: string;
}

/** Lists a resource, everywhere or in one namespace, and notes what could not be listed. */
type Search = (type: ResourceType, visit: (object: Json) => void, namespace?: string) => Promise<void>;

/** How many lists run at once: enough to hide the latency of a cluster with hundreds of custom resources. */
const parallel = 8;

/** Searches every workload, every custom resource definition and every custom resource of a cluster or a dump. */
export async function searchCluster(
  cluster: Cluster,
  inventory: InventoryBuilder,
  { nodes, progress, ...options }: SearchOptions,
): Promise<Unsearched[]> {
  const unsearched: Unsearched[] = [];
  const custom: ResourceType[] = [];
  const { namespace: asked, ...everywhere } = options;
  const search: Search = async (type, visit, namespace = asked) => {
    progress(`Searching ${type.plural}…`);
    const scope = type.namespaced && namespace !== undefined ? { namespace } : {};
    // Lists leave out the kind of their items, and the kind is what a place is named by.
    const named = { apiVersion: type.group === '' ? type.version : `${type.group}/${type.version}`, kind: type.kind };
    const gap = await cluster.list(type, (raw) => visit({ ...raw, ...named }), { ...everywhere, ...scope });
    if (gap !== null) unsearched.push({ resource: nameOf(type), ...gap });
  };
  const add = (object: Json): void => inventory.add({ object });

  await inTurns(workloads, parallel, (type) => search(type, add));
  if (nodes) await search(resourceType('nodes'), add);
  await search(resourceType('customresourcedefinitions'), (definition) => {
    add(definition);
    custom.push(...customType(definition));
  });
  await inTurns(custom, parallel, (type) => search(type, add));
  unsearched.push(...(await searchInjectors(search, add, asked)));
  return unsearched.toSorted((a, b) => (a.resource < b.resource ? -1 : 1));
}

/**
 * Webhooks that inject containers keep their templates in ConfigMaps beside them. Of all other ConfigMaps nobody could
 * tell what the texts are for, so only those in the namespaces of webhooks are searched.
 */
async function searchInjectors(
  search: Search,
  add: (object: Json) => void,
  only: string | undefined,
): Promise<Unsearched[]> {
  const namespaces = new Set<string>();
  await search(resourceType('mutatingwebhookconfigurations'), (raw) => {
    for (const { client } of readMutatingWebhookConfiguration(raw).webhooks)
      if (client.service !== undefined) namespaces.add(client.service.namespace);
  });
  let emptied = false;
  const visit = (raw: Json): void => {
    const values = Object.values(textMap(raw['data']));
    emptied ||= values.length > 0 && values.every((value) => value === '');
    add(raw);
  };
  for (const namespace of namespaces)
    if (only === undefined || only === namespace) await search(resourceType('configmaps'), visit, namespace);
  const reason = 'a recording leaves out their values, in which webhooks keep what they inject';
  return emptied ? [{ resource: 'configmaps', why: 'absent', reason }] : [];
}

/** The resource that a definition defines, in the version that is stored; nothing where the definition is malformed. */
function customType(definition: Json): ResourceType[] {
  const spec = record(definition['spec']);
  const names = record(spec['names']);
  const served = array(spec['versions'])
    .map(record)
    .filter((version) => version['served'] === true);
  const version = text((served.find((entry) => entry['storage'] === true) ?? served[0])?.['name']);
  const [group, plural, kind] = [text(spec['group']), text(names['plural']), text(names['kind'])];
  if (group === undefined || plural === undefined || kind === undefined || version === undefined) return [];
  return [{ group, version, plural, kind, namespaced: spec['scope'] === 'Namespaced' }];
}

function nameOf({ plural, group }: ResourceType): string {
  return group === '' ? plural : `${plural}.${group}`;
}
