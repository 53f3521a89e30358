import { mirrorPod, originalImages } from '../shared/kube/annotation.ts';
import type { CompiledPolicy } from '../shared/policy/compile.ts';
import { containerLists, knownKinds } from '../shared/policy/positions.ts';

/**
 * What is kept of a JSON value: all of it, or of every object in it (those in arrays too) the members of some names. They
 * are hashes of the names: two names of one hash are both kept, which costs a little and changes nothing.
 */
export type Kept = 'all' | ReadonlyMap<number, Kept>;

/** Of a pod spec, wherever it sits. */
const ofPodSpec: readonly (readonly string[])[] = [
  ['imagePullSecrets'],
  ...containerLists.flatMap((list) => [
    [list, 'name'],
    [list, 'image'],
  ]),
  ['volumes', 'name'],
  ['volumes', 'image', 'reference'],
];

const ofObject: readonly (readonly string[])[] = [
  ['metadata', 'annotations', originalImages],
  ['metadata', 'annotations', mirrorPod],
  ['metadata', 'ownerReferences'],
  ...knownKinds.flatMap(({ podSpecs = [], images = [] }) => [
    ...podSpecs.flatMap((spec) => ofPodSpec.map((below) => [...stepsOf(spec), ...below])),
    ...images.map(stepsOf),
  ]),
];

const ofRequest: readonly (readonly string[])[] = 'uid kind namespace name operation subResource dryRun'
  .split(' ')
  .map((name) => [name]);

const remembered = new WeakMap<readonly CompiledPolicy[], Kept>();

/** What a review reads of an AdmissionReview under these policies, wherever their custom resources hold images. */
export function keptFor(policies: readonly CompiledPolicy[]): Kept {
  let kept = remembered.get(policies);
  if (kept === undefined) remembered.set(policies, (kept = keptOf(pathsFor(policies))));
  return kept;
}

function pathsFor(policies: readonly CompiledPolicy[]): string[][] {
  const custom = policies.flatMap(({ customResources }) => customResources.flatMap(({ paths }) => paths.map(stepsOf)));
  const objects = [...ofObject, ...custom];
  return [
    ['apiVersion'],
    ['kind'],
    ...ofRequest.map((path) => ['request', ...path]),
    ...['object', 'oldObject'].flatMap((object) => objects.map((path) => ['request', object, ...path])),
  ];
}

/** Keeps what these paths lead to, and nothing else. */
export function keptOf(paths: readonly (readonly string[])[]): Kept {
  if (paths.some(({ length }) => length === 0)) return 'all';
  const below = new Map<string, (readonly string[])[]>();
  for (const [name = '', ...rest] of paths) below.set(name, [...(below.get(name) ?? []), rest]);
  const kept = new Map<number, Kept>();
  for (const [name, inner] of below) {
    const hash = hashOf(name);
    kept.set(hash, kept.has(hash) ? 'all' : keptOf(inner));
  }
  return kept;
}

function stepsOf(path: string): string[] {
  return path.split('.').map((step) => step.replace('[*]', ''));
}

/** The hash of a name goes on with each of its bytes. */
export const mix = (hash: number, byte: number): number => (Math.imul(hash, 31) + byte) | 0;

function hashOf(name: string): number {
  return Buffer.from(name).reduce(mix, 0);
}
