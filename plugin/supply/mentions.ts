import { parseReference } from '../../shared/image/reference.ts';
import { array, record, text, textMap, type Json } from '../../shared/kube/json.ts';
import type { CustomResource } from '../../shared/policy/compile.ts';
import { imagesOf, placementOf } from '../../shared/policy/positions.ts';

/**
 * How an object names an image. `field`: where the kubelet or a controller reads it; `env` and `args`: handed to a
 * program that will start pods with it, as operators do; `parts`: repository and tag in fields of their own;
 * `default`: what a custom resource definition fills in; `text`: in the text of a ConfigMap, from which webhooks take what
 * they inject; `node`: what a node holds already.
 */
export type Via = 'field' | 'env' | 'args' | 'parts' | 'default' | 'text' | 'node';

export interface Mention {
  /** `spec.template.spec.containers[0].image` */
  readonly field: string;
  /** As written; for `parts` put together as `registry/repository:tag`. */
  readonly image: string;
  readonly via: Via;
}

/** Objects nested deeper than any schema of Kubernetes are not walked further: a hostile file must not end the process. */
const deepest = 64;
/** The API server takes no ConfigMap above a mebibyte. */
const longestText = 1 << 20;

/**
 * Every image that a Kubernetes object names, known kind or not. Fields called `image` count whatever they hold, so
 * that a malformed reference is told and not dropped; environment variables, arguments and parts count only where they
 * read as a reference, because most of their values are something else. Where a kind is known to have images under other
 * names, or a policy says so (`custom`), those count as well.
 */
export function findMentions(object: Json, custom: readonly CustomResource[] = []): Mention[] {
  const found: Mention[] = [];
  if (object['kind'] === 'Node') return nodeImages(object);
  if (object['kind'] === 'ConfigMap') return textImages(object);
  for (const [key, value] of Object.entries(object))
    if (key !== 'status' && key !== 'metadata') walk(value, key, key, found, 0);
  const fields = new Set(found.map(({ field }) => field));
  return [...found, ...placedImages(object, custom).filter(({ field }) => !fields.has(field))];
}

function walk(value: unknown, field: string, key: string, found: Mention[], depth: number): void {
  if (depth > deepest) return;
  if (Array.isArray(value)) {
    if (key === 'args' || key === 'command') found.push(...argumentImages(value, field));
    value.forEach((entry, index) => {
      if (key === 'env') found.push(...environmentImage(record(entry), `${field}[${index}].value`));
      walk(entry, `${field}[${index}]`, key, found, depth + 1);
    });
    return;
  }
  if (typeof value !== 'object' || value === null) {
    if (typeof value !== 'string' || value === '') return;
    // `sidecarImage` and the like: what they hold counts where it is a whole reference.
    if (key === 'image' || (/(?:Image|imageName|imageRef)$/.test(key) && isWhole(value)))
      found.push({ field, image: value, via: 'field' });
    return;
  }
  const fields = value as Json;
  found.push(...ownImages(fields, field, key));
  for (const [name, entry] of Object.entries(fields)) walk(entry, `${field}.${name}`, name, found, depth + 1);
}

/** Images that are spread over the fields of one object: an image volume, repository and tag, the default of a schema. */
function ownImages(fields: Json, field: string, key: string): Mention[] {
  if (!/image$/i.test(key)) return [];
  const reference = text(fields['reference']);
  if (key === 'image' && reference !== undefined)
    return [{ field: `${field}.reference`, image: reference, via: 'field' }];
  const fallback = text(fields['default']);
  if (text(fields['type']) === 'string' && fallback !== undefined && isImage(fallback))
    return [{ field: `${field}.default`, image: fallback, via: 'default' }];
  return [...partsImage(fields, field), ...partsDefault(fields, field)];
}

function partsImage(fields: Json, field: string): Mention[] {
  const repository = text(fields['repository']) ?? text(fields['name']);
  const tag = text(fields['tag']) ?? text(fields['version']);
  const digest = text(fields['digest']) ?? text(fields['sha256']);
  if (repository === undefined || (tag === undefined && digest === undefined)) return [];
  const registry = text(fields['registry']);
  const pinned = digest === undefined ? '' : `@${digest.includes(':') ? digest : `sha256:${digest}`}`;
  const image = `${registry === undefined ? '' : `${registry}/`}${repository}${tag === undefined ? '' : `:${tag}`}${pinned}`;
  return parseReference(image).ok ? [{ field, image, via: 'parts' }] : [];
}

/** A schema that has repository and tag as properties of their own, each with its default. */
function partsDefault(fields: Json, field: string): Mention[] {
  const properties = Object.entries(record(fields['properties'])).map(([name, schema]) => [
    name,
    record(schema)['default'],
  ]);
  return partsImage(Object.fromEntries(properties) as Json, `${field}.properties`).map((mention) => ({
    ...mention,
    via: 'default',
  }));
}

/** What the table of kinds and the policy say of where images sit, as dotted fields. */
function placedImages(object: Json, custom: readonly CustomResource[]): Mention[] {
  const [apiVersion = '', kind = ''] = [text(object['apiVersion']), text(object['kind'])];
  const group = apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : '';
  const placement = placementOf(group, kind, custom);
  if (placement === null) return [];
  return imagesOf(object, placement)
    .filter(({ image }) => image !== '')
    .map(({ path, image }) => ({
      field: path
        .map((step) => (typeof step === 'number' ? `[${step}]` : `.${step}`))
        .join('')
        .slice(1),
      image,
      via: 'field',
    }));
}

/** `image: quay.io/a/b:1` in a text of YAML or JSON, whatever else stands there; templates are no references. */
function textImages(object: Json): Mention[] {
  return Object.entries(textMap(object['data'])).flatMap(([key, value]) =>
    [
      ...value
        .slice(0, longestText)
        .matchAll(/[\w-]*image["']?\s*[:=]\s*["']?([a-z0-9][\w./:@-]{2,300})(?=["'\s,}]|$)/gi),
    ].flatMap(([, image = '']): Mention[] => (isWhole(image) ? [{ field: `data[${key}]`, image, via: 'text' }] : [])),
  );
}

function environmentImage(entry: Json, field: string): Mention[] {
  const value = text(entry['value']);
  if (value === undefined) return [];
  const named = /(?:^|_)IMAGE(?:_|$)/i.test(text(entry['name']) ?? '');
  return (named ? isImage(value) : isUnmistakable(value)) ? [{ field, image: value, via: 'env' }] : [];
}

/** `--config-reloader=REF`, `--sidecar-image REF`: a flag about images, or a value that can only be an image. */
function argumentImages(values: readonly unknown[], field: string): Mention[] {
  return array(values).flatMap((value, index): Mention[] => {
    if (typeof value !== 'string') return [];
    const flag = /^--?([\w.-]+)=(.+)$/s.exec(value);
    const before = values[index - 1];
    const name = flag?.[1] ?? (typeof before === 'string' && /^--?[\w.-]+$/.test(before) ? before : undefined);
    const image = flag?.[2] ?? value;
    if (name === undefined || !(/image/i.test(name) ? isImage(image) : isUnmistakable(image))) return [];
    return [{ field: `${field}[${index}]`, image, via: 'args' }];
  });
}

/** A reference that says more than a bare word: `true`, `Always` and `nginx` are words, `nginx:1.27` and `a/b` are not. */
function isImage(value: string): boolean {
  return /[/:@]/.test(value) && !value.includes('://') && parseReference(value).ok;
}

/** A reference with a tag or a digest. */
function isWhole(value: string): boolean {
  const parsed = isImage(value) ? parseReference(value) : null;
  return parsed?.ok === true && (parsed.reference.tag !== null || parsed.reference.digest !== null);
}

/** With a registry host that has a dot, a path, and a tag or a digest: nothing else looks like this. */
function isUnmistakable(value: string): boolean {
  const parsed = parseReference(value);
  if (!parsed.ok) return false;
  const { written, host, tag, digest } = parsed.reference;
  return (
    written.startsWith(`${host}/`) && host.includes('.') && (digest !== null || (tag !== null && !/^\d+$/.test(tag)))
  );
}

function nodeImages(node: Json): Mention[] {
  return array(record(node['status'])['images']).flatMap((entry, index): Mention[] => {
    const names = array(record(entry)['names']).filter((name) => typeof name === 'string');
    const image = names.find((name) => !name.includes('@')) ?? names[0];
    return image === undefined ? [] : [{ field: `status.images[${index}]`, image, via: 'node' }];
  });
}
