import assert from 'node:assert/strict';
import type { PatchOperation } from '../../../shared/policy/patch.ts';

/** RFC 6902, the two operations that we use, as strictly as the API server applies them. */
export function applyPatch(document: unknown, patch: readonly PatchOperation[]): unknown {
  const copy = structuredClone(document);
  for (const { op, path, value } of patch) {
    const steps = path
      .split('/')
      .slice(1)
      .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
    const last = steps.pop() ?? '';
    const parent = steps.reduce<unknown>((at, step) => (at as Record<string, unknown>)[step], copy);
    assert.ok(typeof parent === 'object' && parent !== null, `${path} has no parent`);
    if (op === 'replace') assert.ok(last in parent, `${path} is not there`);
    if (Array.isArray(parent) && last === '-') parent.push(value);
    else if (Array.isArray(parent) && op === 'add') parent.splice(Number(last), 0, value);
    else (parent as Record<string, unknown>)[last] = value;
  }
  return copy;
}
