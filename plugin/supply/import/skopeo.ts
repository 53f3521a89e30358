import { record, text, texts, type Json } from '../../../shared/kube/json.ts';
import { image, unresolved, type Finding, type Path, type Reader } from './finding.ts';

const sections = ['images', 'images-by-tag-regex', 'images-by-semver'] as const;

/** The YAML source of `skopeo sync`: registries, and below each the images by tag, by expression or by version. */
export const skopeo: Reader = {
  recognises: (document) =>
    Object.keys(document).length > 0 &&
    Object.values(document).every((entry) => sections.some((section) => section in record(entry))),
  read: (document) => Object.entries(document).flatMap(([host, entry]) => readRegistry(host, record(entry))),
};

function readRegistry(host: string, registry: Json): Finding[] {
  return sections.flatMap((section) =>
    Object.entries(record(registry[section])).flatMap(([repository, wanted]) => {
      const path = [host, section, repository];
      const name = `${host}/${repository}`;
      if (section === 'images') return byTag(name, wanted, path);
      const kind = section === 'images-by-semver' ? 'in the range' : 'that fit';
      return [unresolved(`${name}: the tags ${kind} ${text(wanted) ?? ''} are known to the registry alone`, path)];
    }),
  );
}

function byTag(name: string, wanted: unknown, path: Path): Finding[] {
  const tags = texts(wanted);
  if (tags.length === 0) return [unresolved(`${name}: all tags are known to the registry alone`, path)];
  return tags.map((tag, index) => image(`${name}${tag.includes(':') ? '@' : ':'}${tag}`, [...path, index]));
}
