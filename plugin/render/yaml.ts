import { parseDocument, Scalar, stringify, visit } from 'yaml';
import type { Format } from './index.ts';
import { escapeUnsafe, isUnsafe } from '../../shared/unsafe-text.ts';

/** Objects as YAML documents, ready for `kubectl apply -f -`. */
export function yamlText(...objects: readonly object[]): string {
  return objects.map(one).join('---\n');
}

/** `-o yaml`: the same document as `-o json`. */
export const yaml: Format = (report) => yamlText(report);

function one(object: object): string {
  const options = { lineWidth: 0, aliasDuplicateObjects: false };
  if (!isUnsafe(JSON.stringify(object))) return stringify(object, options);
  // Only a double-quoted scalar has escapes; every other style would hand control characters to the terminal.
  const document = parseDocument(JSON.stringify(object));
  visit(document, {
    Scalar: (_, node) => {
      if (typeof node.value === 'string') node.type = isUnsafe(node.value) ? Scalar.QUOTE_DOUBLE : Scalar.PLAIN;
    },
    Collection: (_, node) => {
      node.flow = false;
    },
  });
  return escapeUnsafe(document.toString(options));
}
