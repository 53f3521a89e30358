import { array, record, text, textMap, type Json } from '../../../shared/kube/json.ts';
import { image, isTemplate, unresolved, type Finding, type Path, type Reader } from './finding.ts';

/** Hauler's manifests (content.hauler.cattle.io): Images, Charts and Files; what its collections hold it finds itself. */
export const hauler: Reader = {
  recognises: (document) => /^(?:content|collection)\.hauler\.cattle\.io\//.test(text(document['apiVersion']) ?? ''),
  read: (document) => {
    const spec = record(document['spec']);
    const each = (field: string, one: (entry: Json, path: Path) => Finding[]): Finding[] =>
      array(spec[field]).flatMap((entry, index) => one(record(entry), ['spec', field, index]));
    switch (document['kind']) {
      case 'Images':
        return each('images', (entry, path) => readImage(entry, path, registryOf(document)));
      case 'Charts':
        return each('charts', readChart);
      case 'Files':
        return each('files', (entry, path) => {
          const source = text(entry['path']);
          return source === undefined
            ? [unresolved('it has no path', path)]
            : [{ is: 'file', source, chart: false, path }];
        });
      default:
        return [
          unresolved(
            `what ${text(document['kind']) ?? 'a document without a kind'} stands for is found by hauler alone`,
            ['kind'],
          ),
        ];
    }
  },
};

/** A registry that hauler puts before names which have none. */
function registryOf(document: Json): string {
  return textMap(record(document['metadata'])['annotations'])['hauler.dev/registry'] ?? '';
}

function readImage(entry: Json, at: Path, registry: string): Finding[] {
  const name = text(entry['name']);
  const path = [...at, 'name'];
  if (name === undefined) return [unresolved('it has no name', at)];
  if (isTemplate(name)) return [unresolved(`${name} is filled in by another program`, path)];
  const [first = ''] = name.split('/');
  const hasHost = name.includes('/') && (/[.:]/.test(first) || first === 'localhost');
  return [image(hasHost || registry === '' ? name : `${registry}/${name}`, path)];
}

function readChart(entry: Json, path: Path): Finding[] {
  const [name = '', repository = '', version] = [text(entry['name']), text(entry['repoURL']), text(entry['version'])];
  const found: Finding[] = [];
  if (name === '') found.push(unresolved('it has no name', path));
  else if (repository === '') found.push({ is: 'file', source: name, chart: true, path });
  else if (version === undefined)
    found.push(unresolved(`which version of the chart ${name} is the newest is known to ${repository} alone`, path));
  // A chart in a registry is a manifest like any other, and is pinned and copied as an image is.
  else if (repository.startsWith('oci://'))
    found.push(image(`${repository.slice('oci://'.length)}/${name}:${version}`, path));
  else found.push({ is: 'file', source: `${repository.replace(/\/$/, '')}/${name}-${version}.tgz`, chart: true, path });
  if (entry['add-images'] === 'true')
    found.push(
      unresolved(`the images of the chart ${name} are found when it is rendered: pass it with images -f`, path),
    );
  return found;
}
