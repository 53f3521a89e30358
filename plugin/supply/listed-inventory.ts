import path from 'node:path';
import { AirgapError } from '../../shared/errors.ts';
import { array, record, text, type Json } from '../../shared/kube/json.ts';
import { listed, type InventoryBuilder, type Place } from './inventory.ts';
import type { Unsearched } from './search-cluster.ts';

type At = (path: readonly (string | number)[]) => string;

/** An inventory as `images` and `import` print it, or as a site writes it by hand: the images and files, and no more. */
export function isInventory(object: Json): boolean {
  return object['kind'] === 'ImageInventory';
}

/**
 * Adds what an inventory lists: images as references or with their places, files by paths that start at its folder.
 * What it could not search is returned: it may lack images still. Throws an AirgapError with the line of what is wrong.
 */
export function addInventory(inventory: InventoryBuilder, object: Json, file: string, at: At): Unsearched[] {
  if (object['apiVersion'] !== 'airgap.dev/v1alpha1')
    throw wrong(at(['apiVersion']), 'it is of a version that is not known here: airgap.dev/v1alpha1 is');
  for (const [index, raw] of array(object['images']).entries()) {
    const line = at(['images', index]);
    const image = typeof raw === 'string' ? raw : text(record(raw)['image']);
    if (image === undefined) throw wrong(line, 'an entry of images is neither a reference nor has one as image');
    for (const place of placesOf(raw, line)) inventory.addReference(image, place);
  }
  for (const [index, raw] of array(object['files']).entries()) {
    const line = at(['files', index]);
    const source = typeof raw === 'string' ? raw : text(record(raw)['source']);
    if (source === undefined) throw wrong(line, 'an entry of files is neither a path nor has one as source');
    const kind = record(raw)['kind'] === 'chart' || source.endsWith('.tgz') ? 'chart' : 'file';
    for (const place of placesOf(raw, line)) inventory.addFile(besides(file, source), kind, place);
  }
  return array(object['unsearched']).flatMap((raw) => {
    const [resource, reason] = [text(record(raw)['resource']), text(record(raw)['reason'])];
    return resource === undefined || reason === undefined ? [] : [{ resource, why: 'failed', reason }];
  });
}

/** A path that a file names starts at that file's folder; an address stays. */
export function besides(file: string, source: string): string {
  return /^[a-z]+:\/\//i.test(source) ? source : path.join(file === '-' ? '' : path.dirname(file), source);
}

function placesOf(raw: unknown, line: string): readonly Place[] {
  const places = array(record(raw)['places']).map(record);
  if (places.length === 0) return [listed(line)];
  const word = (place: Json, field: string): string => text(place[field]) ?? '';
  return places.map((place) => ({
    file: text(place['file']) ?? null,
    kind: word(place, 'kind'),
    namespace: word(place, 'namespace'),
    name: word(place, 'name'),
    field: word(place, 'field'),
    via: viaOf(place['via']),
  }));
}

const ways = ['field', 'env', 'args', 'parts', 'default', 'text', 'node', 'list'] as const;

function viaOf(value: unknown): Place['via'] {
  return ways.find((way) => way === value) ?? 'list';
}

function wrong(where: string, why: string): AirgapError {
  return new AirgapError(
    'input',
    `${where}: ${why}.`,
    'kubectl airgap images -o yaml shows what an inventory looks like.',
  );
}
