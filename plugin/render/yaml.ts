import { stringify } from 'yaml';

/** Objects as YAML documents, ready for `kubectl apply -f -`. */
export function yamlDocuments(objects: readonly object[]): string {
  return objects.map((object) => stringify(object, { lineWidth: 0 })).join('---\n');
}
