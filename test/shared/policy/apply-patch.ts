import assert from 'node:assert/strict';

interface Operation {
  readonly op: 'add' | 'replace' | 'remove';
  readonly path: string;
  readonly value?: unknown;
}

/** RFC 6902, the operations that we use, as strictly as the API server applies them. */
export function applyPatch(document: unknown, patch: readonly Operation[]): unknown {
  const copy = structuredClone(document);
  for (const { op, path, value } of patch) {
    const steps = path
      .split('/')
      .slice(1)
      .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
    const last = steps.pop() ?? '';
    const parent = steps.reduce<unknown>((at, step) => (at as Record<string, unknown>)[step], copy);
    assert.ok(typeof parent === 'object' && parent !== null, `${path} has no parent`);
    if (op !== 'add') assert.ok(last in parent, `${path} is not there`);
    if (op === 'remove' && Array.isArray(parent)) parent.splice(Number(last), 1);
    else if (op === 'remove') delete (parent as Record<string, unknown>)[last];
    else if (Array.isArray(parent) && last === '-') parent.push(value);
    else if (Array.isArray(parent) && op === 'add') parent.splice(Number(last), 0, value);
    else (parent as Record<string, unknown>)[last] = value;
  }
  return copy;
}
