import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checks } from '../../../plugin/doctor/checks/index.ts';
import { select } from '../../../plugin/doctor/select.ts';

const ids = (categories: readonly string[], named: readonly string[] = []): string[] =>
  select(checks, categories, named).map(({ id }) => id);

test('who asks for admission is told of the certificates of webhooks, and of no others', () => {
  const admission = ids(['admission']);
  assert.ok(admission.includes('AG-CRT-001'));
  assert.deepEqual(
    admission.filter((id) => !/^AG-(WHK|ADM)-/.test(id)),
    ['AG-CRT-001'],
  );
  assert.equal(ids(['certs']).filter((id) => id === 'AG-CRT-001').length, 1);
  assert.equal(ids(['certs', 'admission']).filter((id) => id === 'AG-CRT-001').length, 1);
  assert.deepEqual(ids(['admission'], ['AG-CRT-001']), ['AG-CRT-001']);
  assert.throws(() => ids(['pulls'], ['AG-CRT-001']), /no such check/);
});
