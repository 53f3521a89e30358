import { originalImages } from '../kube/annotation.ts';
import { array, record, text } from '../kube/json.ts';
import type { CompiledPolicy } from './compile.ts';
import type { ImagePosition } from './positions.ts';
import type { Path } from './problem.ts';

/** An operation of RFC 6902. */
export interface PatchOperation {
  readonly op: 'replace' | 'add';
  readonly path: string;
  readonly value: unknown;
}

export function pointer(path: Path): string {
  let text = '';
  for (const step of path) text += typeof step === 'number' ? `/${step}` : `/${escapeStep(step)}`;
  return text;
}

function escapeStep(step: string): string {
  return step.includes('~') || step.includes('/') ? step.replaceAll('~', '~0').replaceAll('/', '~1') : step;
}

/** The annotation that keeps what a pod asked for: one JSON object, `containers/app` to the image as written. */
export function annotate(pod: unknown, rewritten: readonly ImagePosition[]): PatchOperation[] {
  const { metadata } = record(pod);
  if (rewritten.length === 0 || typeof metadata !== 'object' || metadata === null || Array.isArray(metadata)) return [];
  const { annotations } = record(metadata);
  const before = readOriginals(record(annotations)[originalImages]);
  const originals = JSON.stringify({
    ...before,
    ...Object.fromEntries(rewritten.map(({ owner, image }) => [owner, image])),
  });
  return typeof annotations === 'object' && annotations !== null && !Array.isArray(annotations)
    ? [{ op: 'add', path: pointer(['metadata', 'annotations', originalImages]), value: originals }]
    : [{ op: 'add', path: pointer(['metadata', 'annotations']), value: { [originalImages]: originals } }];
}

/** What the annotation says, for reading only: anybody who may write the pod may write anything here. */
export function readOriginals(annotation: unknown): Record<string, string> {
  const written = text(annotation);
  if (written === undefined) return {};
  try {
    const parsed: unknown = JSON.parse(written);
    return Object.fromEntries(
      Object.entries(record(parsed)).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
    );
  } catch {
    return {};
  }
}

/** Appends the policy's pull secrets that the pod does not name yet. */
export function appendPullSecrets(pod: unknown, policy: CompiledPolicy): PatchOperation[] {
  const { imagePullSecrets } = record(record(pod)['spec']);
  const there = new Set(array(imagePullSecrets).map((entry) => record(entry)['name']));
  const missing = policy.pullSecrets.filter((name) => !there.has(name)).map((name) => ({ name }));
  if (missing.length === 0) return [];
  return Array.isArray(imagePullSecrets)
    ? missing.map((value) => ({ op: 'add', path: '/spec/imagePullSecrets/-', value }))
    : [{ op: 'add', path: '/spec/imagePullSecrets', value: missing }];
}
