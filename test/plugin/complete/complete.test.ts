import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Source } from '../../../plugin/commands/command.ts';
import { commands } from '../../../plugin/commands/index.ts';
import { complete, type Candidate } from '../../../plugin/complete/complete.ts';
import { lookUp } from '../../../plugin/complete/sources.ts';

const asked: [Source, Record<string, string>][] = [];

async function values(...words: string[]): Promise<string[]> {
  const { candidates } = await complete(words, commands, async (source, given): Promise<Candidate[]> => {
    asked.push([source, Object.fromEntries(given)]);
    return source === 'ids' || source === 'checks'
      ? [...(await lookUp(source, given, {}))]
      : [
          [`${source}-1`, ''],
          [`${source}-2`, ''],
        ];
  });
  return candidates.map(([value]) => value);
}

test('the first word is a command, described', async () => {
  assert.ok((await values('')).includes('doctor'));
  assert.deepEqual(await values('doc'), ['doctor']);
  const { candidates, directive } = await complete(['doctor'], commands, async () => []);
  assert.ok(candidates[0]?.[1].startsWith('Examine a cluster'));
  assert.equal(directive, 4);
});

test('after doctor there are categories, each once', async () => {
  assert.ok((await values('doctor', '')).includes('pulls'));
  assert.ok(!(await values('doctor', 'pulls', '')).includes('pulls'));
  assert.deepEqual(await values('doctor', 'pulls', 'ce'), ['certs']);
});

test('flags, their values, and values after an equals sign', async () => {
  assert.ok((await values('doctor', '--fail')).includes('--fail-on'));
  assert.deepEqual(await values('doctor', '--fail-on', ''), ['error', 'warning', 'never']);
  assert.deepEqual(await values('doctor', '--fail-on=w'), ['--fail-on=warning']);
  assert.deepEqual(await values('doctor', '-o', 'js'), ['json']);
  assert.ok(!(await values('doctor', '--now', 'x', '--')).includes('--now'));
  assert.ok((await values('doctor', '--check', 'x', '--')).includes('--check'));
});

test('ids of checks and causes', async () => {
  assert.ok((await values('explain', 'rbac-role')).includes('rbac-role-missing'));
  assert.ok((await values('explain', 'AG-RBC')).includes('AG-RBC-001'));
  assert.deepEqual(await values('doctor', '--check', 'AG-RBC-001'), ['AG-RBC-001']);
});

test('the cluster is asked with the connection flags that stand on the line', async () => {
  asked.length = 0;
  assert.deepEqual(await values('doctor', '--context', 'site', '--kubeconfig=k', '-n', ''), [
    'namespaces-1',
    'namespaces-2',
  ]);
  assert.deepEqual(asked, [['namespaces', { context: 'site', kubeconfig: 'k' }]]);
  assert.deepEqual(await values('doctor', '--context', 'contexts-2'), ['contexts-2']);
});

test('files and folders are left to the shell', async () => {
  assert.equal((await complete(['doctor', '--from', ''], commands, async () => [])).directive, 0);
  assert.equal((await complete(['doctor', '--pki-dir', ''], commands, async () => [])).directive, 16);
});

test('nonsense has no candidates', async () => {
  assert.deepEqual(await values('nonsense', 'x'), []);
  assert.deepEqual(await values('doctor', '--nonsense', 'zzz'), []);
  assert.deepEqual(await values(), await values(''));
});
