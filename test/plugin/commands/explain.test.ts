import assert from 'node:assert/strict';
import { test } from 'node:test';
import { explanations } from '../../../plugin/doctor/explanation.ts';
import { explanationText } from '../../../plugin/render/explanation.ts';
import { golden } from '../golden.ts';
import { run } from './run.ts';
import { assertFits } from '../../schema.ts';

test('every check and every cause is explained, in text and in JSON that fits its schema', () => {
  assert.ok(explanations().length > 10);
  for (const one of explanations()) {
    const text = explanationText(one, { width: 80, colour: false, unicode: true });
    assert.ok(text.startsWith(one.id) && text.includes('What it means'), one.id);
    assertFits('plugin/doctor/explanation.schema.json', one);
    assert.doesNotMatch(
      text,
      /\b(github\.com|kubernetes\.io\/docs|docs\.)/,
      `${one.id} sends a reader to the internet`,
    );
  }
});

test('ids are unique, and letters may be written either way', async () => {
  const ids = explanations().map(({ id }) => id.toLowerCase());
  assert.equal(new Set(ids).size, ids.length);
  assert.deepEqual(await run(['explain', 'ag-rbc-001']), await run(['explain', 'AG-RBC-001']));
});

test('the list names them all', async () => {
  const { out } = await run(['explain']);
  for (const { id } of explanations()) assert.ok(out.includes(`\n${id} `), id);
  const { items } = JSON.parse((await run(['explain', '-o', 'json'])).out) as { items: unknown[] };
  assert.equal(items.length, explanations().length);
});

test('an explanation looks as it was looked at', () => {
  const [check] = explanations();
  const terminal = { width: 80, colour: false, unicode: true };
  const cause = { ...sampleCause, of: 'cause', id: 'tls-expired' } as const;
  golden('explain/cause.txt', explanationText(cause, terminal));
  assert.ok(check?.of === 'check');
  golden('explain/check.txt', explanationText({ ...check, ...sampleCheck }, terminal));
});

const header = { apiVersion: 'airgap.dev/v1alpha1', kind: 'Explanation' } as const;
const sampleCause = {
  ...header,
  family: 'tls',
  title: 'the certificate of the registry has expired',
  severity: 'error',
  owner: 'registry administrator',
  explanation: 'The registry shows a certificate whose time is over. Every node that checks it refuses to go on.',
  confirm: ['See the dates:', '$ openssl s_client -connect HOST </dev/null | openssl x509 -noout -dates'],
  remedy: ['Renew it.', "$ kubectl apply -f - <<'EOF'\nkind: Secret\nEOF", 'Then wait.'],
  example:
    'x509: certificate has expired or is not yet valid: current time 2026-11-22T10:00:00Z is after 2026-11-01T10:00:00Z',
} as const;
const sampleCheck = {
  ...header,
  id: 'AG-XYZ-001',
  category: 'certs',
  title: 'every certificate is in date',
  explanation: 'It looks at every certificate that it can see.',
  needs: ['secrets', 'configmaps'],
} as const;
