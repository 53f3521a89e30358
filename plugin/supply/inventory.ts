import { normalize, parseReference } from '../../shared/image/reference.ts';
import type { Json } from '../../shared/kube/json.ts';
import { readMeta } from '../../shared/kube/meta.ts';
import type { CustomResource } from '../../shared/policy/compile.ts';
import { findMentions, type Via } from './mentions.ts';

/** Where an image is named: an object of the cluster, or of a file, and the field in it. */
export interface Place {
  /** A file and line (`charts/web.yaml:12`), or null for an object of the cluster. */
  readonly file: string | null;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly field: string;
  readonly via: Via | 'list';
}

export interface NeededImage {
  /** Normalised: `docker.io/library/nginx:1.27`. Tag and digest are as written; no `:latest` is added. */
  readonly image: string;
  readonly places: readonly Place[];
}

/** What is no image and has to be inside all the same. */
export interface NeededFile {
  /** A path, from where the program runs, or an address. */
  readonly source: string;
  readonly kind: 'chart' | 'file';
  readonly places: readonly Place[];
}

export interface Inventory {
  readonly images: readonly NeededImage[];
  /** Chart archives and files that a site lists for itself. */
  readonly files: readonly NeededFile[];
  /** What stands where an image should, and cannot be read as one. */
  readonly invalid: readonly { readonly image: string; readonly reason: string; readonly places: readonly Place[] }[];
}

/** One object to search, and where it came from. */
export interface Source {
  readonly object: Json;
  readonly file?: string;
}

/** Collects images one object at a time, so that a large cluster is never held in memory as a whole. */
export interface InventoryBuilder {
  add(source: Source): void;
  /** A reference from a list, with the place that names it; a plain list is a place by its file and line. */
  addReference(image: string, place: Place): void;
  addFile(source: string, kind: NeededFile['kind'], place: Place): void;
  finish(): Inventory;
}

/** `custom`: where a policy says that images sit in custom resources, beside what is known of kinds. */
export function startInventory(custom: readonly CustomResource[] = []): InventoryBuilder {
  const images = new Map<string, Map<string, Place>>();
  const invalid = new Map<string, { reason: string; places: Map<string, Place> }>();
  const files = new Map<string, { kind: NeededFile['kind']; places: Map<string, Place> }>();

  const note = (written: string, place: Place): void => {
    const parsed = parseReference(written);
    const key = keyOf(place);
    if (parsed.ok) entry(images, normalize(parsed.reference), () => new Map<string, Place>()).set(key, place);
    else entry(invalid, written, () => ({ reason: parsed.reason, places: new Map() })).places.set(key, place);
  };
  return {
    add: ({ object, file }) => {
      const named = placeOf(object, file ?? null);
      for (const { field, image, via } of findMentions(object, custom))
        note(image, { ...named, field: named.field(field), via });
    },
    addReference: note,
    addFile: (source, kind, place) =>
      entry(files, source, () => ({ kind, places: new Map() })).places.set(keyOf(place), place),
    finish: () => ({
      images: sorted(images).map(([image, places]) => ({ image, places: values(places) })),
      files: sorted(files).map(([source, { kind, places }]) => ({ source, kind, places: values(places) })),
      invalid: sorted(invalid).map(([image, { reason, places }]) => ({ image, reason, places: values(places) })),
    }),
  };
}

/**
 * A pod that a controller made is named by that controller, so that a thousand replicas are one place. The field then
 * is the controller's too.
 */
function placeOf(
  object: Json,
  file: string | null,
): Omit<Place, 'field' | 'via'> & { field: (field: string) => string } {
  const meta = readMeta(object);
  const kind = typeof object['kind'] === 'string' ? object['kind'] : '';
  const owner = kind === 'Pod' ? meta.owners[0] : undefined;
  const named = { file, kind: owner?.kind ?? kind, namespace: meta.namespace, name: owner?.name ?? meta.name };
  const field =
    owner === undefined || owner.kind === 'Node'
      ? (own: string) => own
      : (own: string) => own.replace(/^spec\./, 'spec.template.spec.');
  return { ...named, field };
}

/** A line of a list, as a place. */
export function listed(file: string, kind = '', field = ''): Place {
  return { file, kind, namespace: '', name: '', field, via: 'list' };
}

function keyOf(place: Place): string {
  return Object.values(place).join('\u0000');
}

function entry<V>(map: Map<string, V>, key: string, create: () => V): V {
  const known = map.get(key) ?? create();
  map.set(key, known);
  return known;
}

function sorted<V>(map: ReadonlyMap<string, V>): [string, V][] {
  return [...map].toSorted(([a], [b]) => (a < b ? -1 : 1));
}

function values(places: ReadonlyMap<string, Place>): Place[] {
  return sorted(places).map(([, place]) => place);
}
