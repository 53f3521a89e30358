import { array, record, text, type Json } from '../../../shared/kube/json.ts';
import { filtered } from './tag-filter.ts';
import { image, isTemplate, unresolved, type Finding, type Path, type Reader } from './finding.ts';

/** `regsync.yml` of regclient: `sync` entries of the types image, repository and registry. */
export const regsync: Reader = {
  recognises: (document) => Array.isArray(document['sync']),
  read: (document) => array(document['sync']).flatMap((entry, index) => readSync(record(entry), ['sync', index])),
};

function readSync(sync: Json, at: Path): Finding[] {
  const source = text(sync['source']);
  const path = [...at, 'source'];
  if (source === undefined) return [unresolved('it has no source', at)];
  if (isTemplate(source)) return [unresolved(`regsync fills in ${source} when it runs`, path)];
  if (source.startsWith('ocidir://')) return [unresolved(`${source} is a folder, and no registry`, path)];
  switch (sync['type']) {
    case 'image':
      return [image(source, path)];
    case 'repository':
      return tagsOf(source, sync, at);
    case 'registry': {
      const repositories = filtered(sync['repos'], 'repositories');
      return [
        ...repositories.names.flatMap((name) => tagsOf(`${source}/${name}`, sync, at)),
        ...repositories.open.map((reason) => unresolved(`${source}: ${reason}`, [...at, 'repos'])),
      ];
    }
    default:
      return [
        unresolved(`its type is ${text(sync['type']) ?? 'missing'}: image, repository and registry are known`, at),
      ];
  }
}

/** A repository is filtered by `tags` and by every one of `tagSets`; what one of them lets through is copied. */
function tagsOf(repository: string, sync: Json, at: Path): Finding[] {
  const sets: (readonly [unknown, Path])[] = array(sync['tagSets']).map((set, index) => [
    set,
    [...at, 'tagSets', index],
  ]);
  if ('tags' in sync || sets.length === 0) sets.push([sync['tags'], [...at, 'tags']]);
  return sets.flatMap(([set, path]) => {
    const tags = filtered(set, 'tags');
    return [
      ...tags.names.map((tag) => image(`${repository}:${tag}`, path)),
      ...tags.open.map((reason) => unresolved(`${repository}: ${reason}`, path)),
    ];
  });
}
