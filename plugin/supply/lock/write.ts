import { Document, isMap, isScalar, isSeq, parseDocument, type Node, type YAMLMap, type YAMLSeq } from 'yaml';
import type { Lock } from './document.ts';

const heading = ` What must be inside the gap, by digest. Written by "kubectl airgap lock"; comments are kept.`;

/**
 * The lock as YAML. With the text of an earlier lock, that text is changed only where the lock differs: comments and
 * unknown spacing of what stays are kept, so that a diff shows what moved and nothing else.
 */
export function lockText(lock: Lock, earlier?: string): string {
  const options = { lineWidth: 0, aliasDuplicateObjects: false, flowCollectionPadding: false };
  if (earlier === undefined) {
    const fresh = new Document(lock);
    fresh.commentBefore = heading;
    return fresh.toString(options);
  }
  const document = parseDocument(earlier);
  document.contents = change(document, document.contents, lock) as typeof document.contents;
  return document.toString(options);
}

function change(document: Document.Parsed, node: unknown, value: unknown): Node {
  if (Array.isArray(value)) return isSeq(node) ? changeSequence(document, node, value) : document.createNode(value);
  if (typeof value === 'object' && value !== null)
    return isMap(node) ? changeMap(document, node, value) : document.createNode(value);
  if (!isScalar(node)) return document.createNode(value);
  if (node.value !== value) node.value = value;
  return node;
}

function changeMap(document: Document.Parsed, node: YAMLMap, value: object): YAMLMap {
  const order = Object.keys(value);
  for (const [key, entry] of Object.entries(value)) {
    const pair = node.items.find((item) => keyOf(item.key) === key);
    if (pair === undefined) node.items.push(document.createPair(key, entry));
    else pair.value = change(document, pair.value, entry);
  }
  node.items = node.items
    .filter((item) => order.includes(keyOf(item.key)))
    .toSorted((a, b) => order.indexOf(keyOf(a.key)) - order.indexOf(keyOf(b.key)));
  return node;
}

/** Entries are the same one when they have the same image, path, digest or text, wherever they stood before. */
function changeSequence(document: Document.Parsed, node: YAMLSeq, values: readonly unknown[]): YAMLSeq {
  const earlier = new Map(node.items.map((item) => [identity(isMap(item) ? item.toJSON() : keyOf(item)), item]));
  node.items = values.map((value) => change(document, earlier.get(identity(value)), value));
  return node;
}

function identity(value: unknown): string {
  if (typeof value !== 'object' || value === null) return String(value);
  const { image, source, digest, tag } = value as Readonly<Record<string, unknown>>;
  const name = image ?? source;
  return JSON.stringify([name ?? digest, name === undefined ? tag : undefined]);
}

function keyOf(node: unknown): string {
  return String(isScalar(node) ? node.value : node);
}
