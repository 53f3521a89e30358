import assert from 'node:assert/strict';
import path from 'node:path';
import { test } from 'node:test';
import { run } from './run.ts';
import { policyYaml, workspace } from './workspace.ts';
import { assertFits } from '../../schema.ts';

const folder = workspace({
  'policy.yaml': policyYaml('Enforce'),
  'bad.yaml': policyYaml('enforce'),
  'list.txt': 'nginx:1.27\r\n\nquay.io/x/y\nBad\n',
});
const policy = ['--policy', path.join(folder, 'policy.yaml')];
const explain = (...more: string[]) => run(['explain', 'image', ...policy, ...more]);

function parsed(text: string): unknown {
  const document: unknown = JSON.parse(text);
  assertFits('schemas/image-decision.schema.json', document);
  return document;
}

test('one image is one document, as the contract has it', async () => {
  const { code, out } = await explain('nginx:1.27', '-o', 'json');
  assert.equal(code, 0);
  assert.deepEqual(parsed(out), {
    apiVersion: 'airgap.dev/v1alpha1',
    kind: 'ImageDecision',
    image: 'nginx:1.27',
    normalized: 'docker.io/library/nginx:1.27',
    action: 'rewrite',
    result: 'my-registry.local/library/nginx:1.27',
    rule: { sourcePrefix: 'docker.io/library', targetPrefix: 'my-registry.local/library' },
    reason: 'docker.io/library is mirrored to my-registry.local/library',
  });
});

test('an exempt namespace keeps its images', async () => {
  const { out } = await explain('-n', 'kube-system', 'nginx', 'quay.io/x', 'Bad', '-o', 'json');
  const { items } = parsed(out) as {
    items: { image: string; action: string; result: string | null; reason: string }[];
  };
  assert.deepEqual(
    items.map(({ action, result }) => [action, result]),
    [
      ['allow', 'nginx'],
      ['allow', 'quay.io/x'],
      ['invalid', null],
    ],
  );
  for (const { reason } of items) assert.match(reason, /^the namespace is exempt \(bootstrap\); otherwise: /);
});

test('more images, or a list, are a List in the order they came in', async () => {
  const expected = ['rewrite', 'reject', 'invalid'];
  const two = parsed((await explain('nginx', 'quay.io/x', 'Bad', '-o', 'json')).out) as { items: { action: string }[] };
  assert.deepEqual(
    two.items.map(({ action }) => action),
    expected,
  );
  const listed = parsed((await explain('-f', path.join(folder, 'list.txt'), '-o', 'json')).out) as typeof two;
  assert.deepEqual(
    listed.items.map(({ action }) => action),
    expected,
  );
  const piped = await run(['explain', 'image', ...policy, '-f', '-', '-ojson'], 'nginx\n');
  assert.equal((parsed(piped.out) as typeof two).items.length, 1);
  assert.deepEqual(parsed((await run(['explain', 'image', ...policy, '-f', '-', '-ojson'])).out), {
    kind: 'List',
    items: [],
  });
});

test('a person reads sentences for one image and columns for more', async () => {
  assert.equal(
    (await explain('nginx')).out,
    [
      'image    nginx',
      'read as  docker.io/library/nginx',
      'action   rewrite',
      'result   my-registry.local/library/nginx',
      'reason   docker.io/library is mirrored to my-registry.local/library',
      '',
    ].join('\n'),
  );
  assert.match((await explain('nginx', 'Bad')).out, /^IMAGE +ACTION +RESULT +REASON\nnginx +rewrite +my-registry/);
});

test('wrong usage and a bad policy are exit code 2, with the line', async () => {
  assert.equal((await explain()).code, 2);
  assert.equal((await explain('-f', '/nonexistent')).code, 2);
  const bad = await run(['explain', 'image', '--policy', path.join(folder, 'bad.yaml'), 'nginx']);
  assert.equal(bad.code, 2);
  assert.match(bad.err, /bad\.yaml:5: spec\.mode: is "enforce"; one of Audit, Warn, Rewrite, Enforce is expected/);
});
