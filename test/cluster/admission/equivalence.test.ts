import assert from 'node:assert/strict';
import { test } from 'node:test';
import { celObjects } from '../../../shared/policy/cel/objects.ts';
import { admissionObjects } from '../../../plugin/install/admission-objects.ts';
import { workspace } from '../../plugin/commands/workspace.ts';
import { startWebhook, type Webhook } from '../../serving/start.ts';
import { issue } from '../../x509.ts';
import type { Manifest } from '../api.ts';
import { startControlPlane, type ControlPlaneCluster } from '../cluster.ts';
import { differing } from './equivalence/differences.ts';
import { createAsker, judged, type Outcome } from './equivalence/outcome.ts';
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

/** Namespaces with their pods, before anything judges. */
async function prepare(cluster: ControlPlaneCluster): Promise<void> {
  const made = ruleSets.flatMap((set) =>
    (['webhook', 'cel', 'both'] as const).map(async (engine) => {
      const name = namespaceOf(set, engine);
      await cluster.api.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels: { engine } } });
      await cluster.api.apply({
        apiVersion: 'v1',
        kind: 'ServiceAccount',
        metadata: { name: 'default', namespace: name },
      });
      for (const pod of livePods(rules[set.rules].allowed)) {
        const { status, text } = await cluster.api.raw('POST', `/api/v1/namespaces/${name}/pods`, pod);
        assert.equal(status, 201, text);
      }
    }),
  );
  await Promise.all(made);
}

/** The webhook configurations of `install`, by URL; `both` does not fail closed by the webhook. */
function configurations({ port }: Webhook): Manifest[] {
  const url = (at: string): object => ({
    clientConfig: { url: `https://127.0.0.1:${port}${at}`, caBundle: Buffer.from(authority.pem).toString('base64') },
  });
  const namespaceSelector = { matchExpressions: [{ key: 'engine', operator: 'In', values: ['webhook', 'both'] }] };
  return admissionObjects('airgap-system').map((object) => {
    const at = object.kind.startsWith('Mutating') ? '/mutate' : '/validate';
    const webhooks = object['webhooks'] as readonly object[];
    return { ...object, webhooks: webhooks.map((one) => ({ ...one, ...url(at), namespaceSelector })) };
  });
}

/** Asks eight at a time, in order. */
async function eachOf<T, R>(items: readonly T[], run: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let index = next++; index < items.length; index = next++) results[index] = await run(items[index] as T);
  };
  await Promise.all(Array.from({ length: 8 }, worker));
  return results;
}

test('explain, the webhook and the CEL form come to the same', async (t) => {
  await using cluster = await startControlPlane();
  await prepare(cluster);
  const flags = [
    '--policy',
    `${folder}/policies.yaml`,
    '--tls-cert',
    `${folder}/tls.crt`,
    '--tls-key',
    `${folder}/tls.key`,
  ];
  const webhook = await startWebhook(...flags);
  t.after(() => webhook.process.kill('SIGKILL'));
  await cluster.api.apply(...configurations(webhook), ...celObjects(ruleSets.map((set) => policyOf(set, ['cel']))));
  using asker = createAsker(cluster);
  const ask = (engine: Engine) => (vector: Vector) => asker.ask(namespaceOf(vector.set, engine), vector.sent);
  // A policy is in force a moment after it is there.
  for (const engine of ['webhook', 'cel'] as const)
    for (const vector of vectors.filter(({ position, image }) => position === 'container' && image === 'nginx'))
      for (let left = 100; ; left -= 1) {
        const { images, warnings } = await ask(engine)(vector);
        if (vector.set.mode === 'Audit' || images['containers/app'] !== 'nginx' || warnings.length > 0) break;
        assert.ok(left > 0, `${engine} is not in force for ${JSON.stringify(vector.set)}`);
        await new Promise((resolve) => setTimeout(resolve, 100));
      }

  const started = performance.now();
  const byWebhook = await eachOf(vectors, ask('webhook'));
  const middle = performance.now();
  const byCel = await eachOf(vectors, ask('cel'));
  t.diagnostic(
    `${vectors.length} vectors: webhook ${((middle - started) / 1000).toFixed(1)} s, CEL ${((performance.now() - middle) / 1000).toFixed(1)} s`,
  );

  const seen = new Map<string, number>();
  vectors.forEach((vector, index) => {
    const policy = policyOf(vector.set, ['webhook']);
    const namespace = namespaceOf(vector.set, 'webhook');
    const offline = judged(policy, namespace, vector.sent);
    const [one, other] = [byWebhook[index] as Outcome, byCel[index] as Outcome];
    const show = (kind: string, a: Outcome, b: Outcome, fields: string[]) => {
      const key = `${kind} ${fields.join()}`;
      seen.set(key, (seen.get(key) ?? 0) + 1);
      if ((seen.get(key) ?? 0) <= 6)
        console.log(
          key,
          JSON.stringify(vector.set),
          vector.position,
          JSON.stringify(vector.image).slice(0, 90),
          '\n   ',
          JSON.stringify(a).slice(0, 600),
          '\n   ',
          JSON.stringify(b).slice(0, 600),
        );
    };
    if (one.verdict !== 'refused by the API server') {
      const d = differing(offline, one);
      if (d.length > 0) show('offline/webhook', offline, one, d);
    }
    const d = differing(one, other);
    if (d.length > 0) show('webhook/cel', one, other, d);
  });
  console.log(seen, byWebhook.filter(({ verdict }) => verdict.startsWith('refused')).length);
});
