import { array, record, text, texts, type Json } from '../../../shared/kube/json.ts';
import { image, isTemplate, unresolved, type Finding, type Path, type Reader } from './finding.ts';

/** `zarf.yaml`: a package's components, with their images, charts, archives and files. */
export const zarf: Reader = {
  recognises: (document) => /^Zarf\w+Config$/.test(text(document['kind']) ?? ''),
  read: (document) =>
    array(document['components']).flatMap((entry, index) => readComponent(record(entry), ['components', index])),
};

function readComponent(component: Json, at: Path): Finding[] {
  const each = (field: string, one: (entry: unknown, path: Path) => Finding[]): Finding[] =>
    array(component[field]).flatMap((entry, index) => one(entry, [...at, field, index]));
  const from = record(component['import']);
  const elsewhere = text(from['path']) ?? text(from['url']);
  return [
    ...(elsewhere === undefined
      ? []
      : [unresolved(`it is imported from ${elsewhere}: import that zarf.yaml too`, [...at, 'import'])]),
    ...each('images', readImage),
    ...each('imageArchives', (entry, path) =>
      texts(record(entry)['images']).flatMap((name, n) => readImage(name, [...path, 'images', n])),
    ),
    ...each('charts', (entry, path) => readChart(record(entry), path)),
    ...each('files', (entry, path) => fileAt(text(record(entry)['source']), false, path)),
    ...each('repos', (entry, path) => [
      unresolved(`${text(entry) ?? 'it'} is a git repository, which neither a lock nor a mirror holds`, path),
    ]),
  ];
}

/** A string, or in v1beta1 an object with a name. */
function readImage(entry: unknown, path: Path): Finding[] {
  const name = text(entry) ?? text(record(entry)['name']);
  if (name === undefined) return [unresolved('it names no image', path)];
  return [isTemplate(name) ? unresolved(`zarf fills in ${name} when it makes the package`, path) : image(name, path)];
}

/** v1alpha1 has the place of a chart in its fields, v1beta1 in an object for each kind of place. */
function readChart(chart: Json, path: Path): Finding[] {
  const [helm, oci, local] = ['helmRepository', 'oci', 'local'].map((field) => record(chart[field])) as [
    Json,
    Json,
    Json,
  ];
  const git = text(record(chart['git'])['url']) ?? text(chart['gitPath']);
  const name = text(helm['name']) ?? text(chart['repoName']) ?? text(chart['name']) ?? '';
  const version = text(helm['version']) ?? text(oci['version']) ?? text(chart['version']) ?? '';
  const url = text(helm['url']) ?? text(oci['url']) ?? text(chart['url']);
  if (git !== undefined) return [unresolved(`the chart ${name} is in a git repository`, path)];
  if (url === undefined) return fileAt(text(local['path']) ?? text(chart['localPath']), true, path);
  if (isTemplate(url + version))
    return [unresolved(`zarf fills in the place of the chart ${name} when it makes the package`, path)];
  if (url.startsWith('oci://')) return [image(`${url.slice('oci://'.length)}:${version}`, path)];
  if (/\.git(?:@|$)/.test(url)) return [unresolved(`the chart ${name} is in a git repository`, path)];
  return fileAt(`${url.replace(/\/$/, '')}/${name}-${version}.tgz`, true, path);
}

function fileAt(source: string | undefined, chart: boolean, path: Path): Finding[] {
  if (source === undefined) return [unresolved('it has no source', path)];
  if (isTemplate(source)) return [unresolved(`zarf fills in ${source} when it makes the package`, path)];
  return [{ is: 'file', source, chart, path }];
}
