import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { workspace } from '../../plugin/commands/workspace.ts';
import { startWebhook } from '../../serving/start.ts';
import { issue } from '../../x509.ts';
import { startControlPlane, type ControlPlaneCluster } from '../cluster.ts';
import { registered, soon } from './equivalence/behind.ts';
import { differences, differing } from './equivalence/differences.ts';
import { createAsker, judged, type Asker, type Outcome } from './equivalence/outcome.ts';
import { namespaceOf, policyDocument, policyOf, rules, ruleSets, type Engine } from './equivalence/rules.ts';
import { livePods, vectors, type Vector } from './equivalence/vectors.ts';

const authority = issue({ cn: 'test CA', ca: true });
const leaf = issue({ cn: 'webhook', names: ['IP:127.0.0.1'], by: authority, usages: ['server'] });
const documents = ruleSets.map((set) => JSON.stringify(policyDocument(set, ['webhook', 'both'])));
const folder = workspace({
  'policies.yaml': documents.join('\n---\n'),
  'tls.crt': leaf.pem,
  'tls.key': leaf.keyPem,
});
const engines = ['webhook', 'cel', 'both'] as const;

/** Namespaces with their pods, before anything judges. */
async function prepare({ api }: ControlPlaneCluster): Promise<void> {
  const namespace = async (engine: Engine, name: string, pods: readonly object[]): Promise<void> => {
    const account = { name: 'default', namespace: name };
    await api.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels: { engine } } });
    await api.apply({ apiVersion: 'v1', kind: 'ServiceAccount', metadata: account });
    for (const pod of pods) {
      const { status, text } = await api.raw('POST', `/api/v1/namespaces/${name}/pods`, pod);
      assert.equal(status, 201, text);
    }
  };
  for (const engine of engines)
    await Promise.all(
      ruleSets.flatMap((set) => [
        namespace(engine, namespaceOf(set, engine), livePods(rules[set.rules].allowed)),
        namespace(engine, namespaceOf(set, engine, true), []),
      ]),
    );
}

/** Asks eight at a time; the outcomes are in the order of the vectors. */
async function askAll({ ask }: Asker, engine: Engine, asked: readonly Vector[]): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let index = next++; index < asked.length; index = next++) {
      const { set, exempt, sent } = asked[index] as Vector;
      outcomes[index] = await ask(namespaceOf(set, engine, exempt), sent);
    }
  };
  await Promise.all(Array.from({ length: 8 }, worker));
  return outcomes;
}

const told = ({ set, position, image }: Vector): string => `${set.rules} ${set.mode}, ${position} ${image}`;

test('explain, the webhook and the CEL form judge alike', async (t) => {
  await using cluster = await startControlPlane();
  await prepare(cluster);
  const inside = (name: string): string => `${folder}/${name}`;
  const flags = ['--policy', inside('policies.yaml'), '--tls-cert', inside('tls.crt'), '--tls-key', inside('tls.key')];
  const webhook = await startWebhook(...flags);
  t.after(() => webhook.process.kill('SIGKILL'));
  for (const engine of engines) await cluster.api.apply(...registered(engine, webhook.port, authority.pem));
  using asker = createAsker(cluster);
  const first = vectors.filter(
    ({ set, image, position }) => image === 'nginx' && position === 'container' && set.mode !== 'Audit',
  );
  for (const engine of engines)
    await soon(`${engine} to be in force`, async () =>
      (await askAll(asker, engine, first)).every(
        ({ images, warnings }) => images['containers/app'] !== 'nginx' || warnings.length > 0,
      ),
    );

  const byWebhook = await askAll(asker, 'webhook', vectors);
  const byCel = await askAll(asker, 'cel', vectors);
  const of = (outcomes: readonly Outcome[], index: number): Outcome => outcomes[index] as Outcome;

  await t.test(`the webhook does what explain says, in ${vectors.length} vectors`, () => {
    assert.ok(vectors.length >= 500);
    vectors.forEach((vector, index) => {
      const engine = namespaceOf(vector.set, 'webhook', vector.exempt);
      const offline = judged(policyOf(vector.set, ['webhook']), engine, vector.sent);
      assert.deepEqual(differing(of(byWebhook, index), offline), [], told(vector));
    });
    const verdicts = Map.groupBy(byWebhook, ({ verdict }) => verdict);
    for (const verdict of ['accepted', 'rejected'] as const) assert.ok((verdicts.get(verdict) ?? []).length > 500);
    const rewritten = byWebhook.filter(({ originals }) => originals?.includes('"containers/app"') === true);
    assert.ok(rewritten.length > 100, `${rewritten.length} were rewritten`);
  });

  await t.test('the CEL form does what the webhook does, but for the differences that docs/cel.md lists', () => {
    const page = readFileSync(path.resolve(import.meta.dirname, '../../../docs/cel.md'), 'utf8').replaceAll(
      /\s+/g,
      ' ',
    );
    const seen = new Set<string>();
    vectors.forEach((vector, index) => {
      const [one, other] = [of(byWebhook, index), of(byCel, index)];
      for (const field of differing(one, other)) {
        const known = differences.find(
          (difference) => difference.fields.includes(field) && difference.explains(vector, one, other),
        );
        assert.ok(known !== undefined, `${told(vector)}: ${field}\n${JSON.stringify(one)}\n${JSON.stringify(other)}`);
        seen.add(known.sentence);
      }
    });
    for (const { sentence } of differences) {
      assert.ok(seen.has(sentence), `no vector shows: ${sentence}`);
      assert.ok(page.includes(sentence), `docs/cel.md does not say: ${sentence}`);
    }
  });

  const enforced = vectors.filter(
    ({ set, position, image }) =>
      set.mode === 'Enforce' && ['container', 'Deployment'].includes(position) && image.length < 40,
  );
  await t.test('with both, the validation behind the webhook sees what the webhook has rewritten', async () => {
    const outcomes = await askAll(asker, 'both', enforced);
    enforced.forEach((vector, index) => {
      const alone = of(byWebhook, vectors.indexOf(vector));
      const both = of(outcomes, index);
      assert.deepEqual(
        [both.verdict, both.images, both.secrets],
        [alone.verdict, alone.images, alone.secrets],
        told(vector),
      );
    });
  });

  const gone = async (): Promise<void> => {
    if (webhook.process.exitCode !== null || webhook.process.signalCode !== null) return;
    const ended = new Promise((resolve) => webhook.process.once('exit', resolve));
    webhook.process.kill('SIGKILL');
    await ended;
  };
  await t.test('with the webhook gone, what needs no answer gets in, and nothing that would be wrong', async () => {
    await gone();
    const outcomes = await askAll(asker, 'webhook', enforced);
    const letIn = enforced.filter((_, index) => of(outcomes, index).verdict === 'accepted');
    for (const vector of letIn) {
      const { verdict, originals } = of(byWebhook, vectors.indexOf(vector));
      assert.deepEqual([verdict, originals], ['accepted', null], told(vector));
    }
    // The pods of these vectors lack the pull secrets, which only the webhook would append.
    const right = enforced.filter(
      (vector) =>
        vector.set.rules === 'usual' &&
        vector.position === 'Deployment' &&
        vector.image.startsWith('my-registry.local/') &&
        of(byWebhook, vectors.indexOf(vector)).verdict === 'accepted',
    );
    assert.ok(right.length > 0);
    for (const vector of right) assert.ok(letIn.includes(vector), told(vector));
  });

  await t.test('an object without what holds images is refused as the API server words it', async () => {
    await gone();
    const metadata = { name: 'empty' };
    const selector = { matchLabels: { app: 'x' } };
    const empty = [
      ['api/v1', 'Pod', 'pods', { spec: {} }],
      ['api/v1', 'Pod', 'pods', { spec: { containers: null, volumes: null } }],
      ['api/v1', 'PodTemplate', 'podtemplates', {}],
      ['api/v1', 'ReplicationController', 'replicationcontrollers', { spec: {} }],
      ['apis/apps/v1', 'Deployment', 'deployments', { spec: { selector, template: {} } }],
      ['apis/batch/v1', 'Job', 'jobs', { spec: { template: {} } }],
      ['apis/batch/v1', 'CronJob', 'cronjobs', { spec: { schedule: '1 1 1 1 1', jobTemplate: {} } }],
    ] as const;
    const [first] = ruleSets;
    assert.ok(first !== undefined);
    for (const [root, kind, plural, fields] of empty) {
      const apiVersion = root.replace(/^apis?\//, '');
      const url = `/${root}/namespaces/${namespaceOf(first, 'webhook')}/${plural}?dryRun=All`;
      const { status, text } = await cluster.api.raw('POST', url, { apiVersion, kind, metadata, ...fields });
      assert.equal(status, 422, text);
      assert.doesNotMatch(text, /webhook/);
    }
  });

  await t.test(
    'with both and the webhook gone, nothing external gets in and what is allowed as written does',
    async () => {
      await gone();
      const outcomes = await askAll(asker, 'both', enforced);
      enforced.forEach((vector, index) => {
        const alone = of(byWebhook, vectors.indexOf(vector));
        const untouched = alone.verdict === 'accepted' && alone.originals === null;
        assert.equal(of(outcomes, index).verdict, untouched ? 'accepted' : 'rejected', told(vector));
      });
      assert.ok(outcomes.some(({ verdict }) => verdict === 'accepted'));
    },
  );
});
