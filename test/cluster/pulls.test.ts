import assert from 'node:assert/strict';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { diagnose, runPlugin, type Diagnosis } from './faults/diagnose.ts';
import type { Fault, Stage } from './faults/fault.ts';
import { faults } from './faults/index.ts';
import { commit, cure, isCurable } from './faults/play.ts';
import { setStage } from './faults/stage.ts';

const crowd = faults.filter(({ alone }) => alone !== true);
const curable = crowd.filter(isCurable);
const alone = faults.filter((fault) => fault.alone === true);

let stage: Stage & AsyncDisposable;
let found: Map<string, Diagnosis[]>;
const named = new Set<string>();

before(async () => {
  stage = await setStage();
  await commit(stage, crowd);
  found = await diagnose(live());
});
after(async () => stage[Symbol.asyncDispose]());

const live = (): string[] => ['--kubeconfig', stage.cluster.kubeconfig];
const causesOf = (diagnoses: readonly Diagnosis[] | undefined): string[] =>
  [...new Set((diagnoses ?? []).map(({ cause }) => cause))].toSorted();

for (const fault of crowd)
  test(`doctor names ${fault.causes.join(' or ')}: ${fault.id}`, () => {
    assertNamed(fault, found.get(fault.id));
  });

test('a dump of the cluster gives the same findings as the cluster', async () => {
  const dump = path.join(stage.cluster.directory, 'dump.tar.gz');
  await runPlugin(['dump', '-o', dump, ...live()]);
  const recorded = await diagnose(['--from', dump]);
  const summary = (findings: Map<string, Diagnosis[]>): unknown =>
    crowd.map(({ id }) => [id, causesOf(findings.get(id))]);
  assert.deepEqual(summary(recorded), summary(found));
});

test('a pod that runs is not reported', () => {
  assert.deepEqual(causesOf(found.get('owner-of-private')), []);
});

test(`${curable.length} faults are cured by what their remedy says, and their findings are gone`, async () => {
  await cure(stage, curable, found);
  const left = await diagnose(live());
  assert.deepEqual(
    curable.map(({ id }) => [id, causesOf(left.get(id))]).filter(([, causes]) => causes?.length !== 0),
    [],
  );
});

for (const fault of alone)
  test(`doctor names ${fault.causes.join(' or ')}, and the cure cures: ${fault.id}`, async () => {
    await commit(stage, [fault]);
    assertNamed(fault, (await diagnose(live())).get(fault.id));
    await cure(stage, [fault]);
    assert.deepEqual(causesOf((await diagnose(live())).get(fault.id)), []);
  });

test('at least thirty different causes were named on a real node', () => {
  assert.ok(named.size >= 30, `${named.size}: ${[...named].join(', ')}`);
});

/** The cause that was made must be among those that doctor names; what it names besides must print the same text. */
function assertNamed({ id, causes }: Fault, diagnoses: readonly Diagnosis[] | undefined): void {
  const reported = causesOf(diagnoses);
  assert.ok(reported.includes(causes[0]), `${id} is said to be ${reported.join(', ') || 'well'}`);
  assert.ok(
    (diagnoses ?? []).every(({ remedy }) => remedy.length > 0),
    'every finding has a remedy',
  );
  named.add(causes[0]);
}
