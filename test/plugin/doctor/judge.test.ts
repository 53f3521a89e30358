import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kinds } from '../../../plugin/cluster/kinds.ts';
import type { Gap, KindName, Reading, Snapshot } from '../../../plugin/cluster/snapshot.ts';
import type { Cause } from '../../../plugin/doctor/causes/cause.ts';
import type { CauseId } from '../../../plugin/doctor/causes/ids.ts';
import type { Check } from '../../../plugin/doctor/check.ts';
import type { Finding } from '../../../plugin/doctor/finding.ts';
import { judge } from '../../../plugin/doctor/judge.ts';

const cause: Cause = {
  title: 'a title',
  severity: 'error',
  owner: 'somebody',
  summary: (facts) => `${facts['image']} is missing for ${facts['namespace']}/${facts['name']}`,
  remedy: () => ['$ true'],
  explanation: '',
  confirm: [],
};
const causes = new Proxy({}, { get: () => cause }) as Readonly<Record<CauseId, Cause>>;
const finding: Finding = {
  cause: 'image-not-found',
  confidence: 'certain',
  image: 'a:1',
  facts: {},
  evidence: ['not found'],
  objects: [{ kind: 'Pod', namespace: 'x', name: 'p' }],
};

function snapshot(readings: Partial<Record<KindName, Partial<Reading<unknown>>>>): Snapshot {
  const all: Partial<Record<KindName, Reading<unknown>>> = {};
  for (const name of Object.keys(kinds) as KindName[]) all[name] = { items: [], gap: null, ...readings[name] };
  return all as Snapshot;
}

function examine(findings: readonly Finding[] | Error, readings: Parameters<typeof snapshot>[0] = {}) {
  const check: Check = {
    id: 'AG-IMG-001',
    category: 'pulls',
    title: 'every container has its image',
    explanation: '',
    needs: ['pods'],
    wants: ['events'],
    run: () => {
      if (findings instanceof Error) throw findings;
      return findings;
    },
  };
  const report = judge('test', [check], causes, snapshot(readings), { now: new Date(0) });
  const result = report.categories[0]?.checks[0];
  assert.ok(result);
  return { ...result, summary: report.summary };
}

const gap = (why: Gap['why']): { gap: Gap } => ({ gap: { why, reason: `because ${why}` } });

for (const [why, result] of [
  ['absent', 'skipped'],
  ['not-asked', 'skipped'],
  ['forbidden', 'unknown'],
  ['failed', 'unknown'],
] as const)
  test(`nothing read because it is ${why}: ${result}, with the reason`, () => {
    const check = examine([], { pods: gap(why) });
    assert.deepEqual([check.result, check.reason, check.summary[result]], [result, `because ${why}`, 1]);
  });

test('a list that broke off proves nothing of what is missing, but what it showed counts', () => {
  const half = { pods: { items: [{}], ...gap('failed') } };
  assert.equal(examine([], half).result, 'unknown');
  const found = examine([finding], half);
  assert.deepEqual([found.result, found.reason], ['error', 'because failed']);
});

test('what a check merely wants never makes it unknown, but the report says what was not seen', () => {
  const check = examine([], { events: gap('forbidden') });
  assert.deepEqual([check.result, check.reason], ['ok', 'because forbidden']);
  assert.equal(examine([], { events: gap('absent') }).reason, null);
});

test('a check that throws is unknown, never ok, and costs only itself', () => {
  const check = examine(new Error('boom'));
  assert.equal(check.result, 'unknown');
  assert.match(check.reason ?? '', /boom/);
});

test('warnings alone make a warning; one error makes an error', () => {
  assert.equal(examine([{ ...finding, severity: 'warning' }]).result, 'warning');
  assert.equal(examine([{ ...finding, severity: 'warning' }, finding]).result, 'error');
});

test('the text of a finding is made from its cause with the image and the first object filled in', () => {
  const [laid] = examine([finding]).findings;
  assert.equal(laid?.summary, 'a:1 is missing for x/p');
  assert.deepEqual(laid?.remedy, ['$ true']);
});
