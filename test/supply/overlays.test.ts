import assert from 'node:assert/strict';
import path from 'node:path';
import { before, test } from 'node:test';
import { parseAllDocuments } from 'yaml';
import { installObjects } from '../../plugin/install/objects.ts';
import { release } from '../../shared/release.ts';
import crd from '../../plugin/install/crd.generated.json' with { type: 'json' };
import { runCommand } from '../cluster/command.ts';
import { tool } from '../cluster/tools/build.ts';

const root = path.resolve(import.meta.dirname, '../..');
const image = `my-registry.local/airgap-webhook:${release}`;
const installed = [crd, ...installObjects({ image, namespace: 'airgap-system', pullSecrets: [] })];

/** What `kubectl apply -k` would apply, by kind and name. */
let rendered: (overlay: string) => Promise<Map<string, unknown>>;
const key = ({ kind, metadata }: { kind: string; metadata: { name: string } }): string => `${kind} ${metadata.name}`;
const expected = new Map<string, unknown>(installed.map((object) => [key(object), object]));

before(async () => {
  const kubectl = await tool('kubectl');
  rendered = async (overlay) => {
    const text = await runCommand([kubectl, 'kustomize', path.join(root, 'manifests/overlays', overlay)]);
    const documents = parseAllDocuments(text).map((document) => document.toJS() as Parameters<typeof key>[0]);
    return new Map(documents.map((object) => [key(object), object]));
  };
});

/** Where two values differ: `+` is only in the second, `-` only in the first, `~` in both and not the same. */
function differences(one: unknown, other: unknown, at = ''): string[] {
  if (JSON.stringify(one) === JSON.stringify(other)) return [];
  if (one === undefined || other === undefined) return [`${one === undefined ? '+' : '-'}${at}`];
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null) return [`~${at}`];
  const keys = new Set([...Object.keys(one), ...Object.keys(other)]);
  const value = (of: object, name: string): unknown => (of as Record<string, unknown>)[name];
  return [...keys].flatMap((name) => differences(value(one, name), value(other, name), `${at}/${name}`));
}

const changes = async (overlay: string): Promise<string[]> => {
  const objects = await rendered(overlay);
  return [...new Set([...expected.keys(), ...objects.keys()])]
    .flatMap((name) => differences(expected.get(name), objects.get(name), name))
    .toSorted((a, b) => a.slice(1).localeCompare(b.slice(1)));
};

test('the overlay of a site is what install applies', async () => {
  assert.deepEqual(await changes('site'), []);
});

test('the overlay for one node has one replica, and nothing that keeps the node from being drained', async () => {
  assert.deepEqual(await changes('edge'), [
    '~Deployment airgap-webhook/spec/replicas',
    '-PodDisruptionBudget airgap-webhook',
  ]);
});

test('the overlay for a roll-out fails open and is otherwise the same', async () => {
  assert.deepEqual(await changes('roll-out'), [
    '~ValidatingWebhookConfiguration airgap-webhook/webhooks/0/failurePolicy',
  ]);
});

test('with cert-manager the webhook serves what is mounted and may write no Secret', async () => {
  const pod = 'Deployment airgap-webhook/spec/template/spec';
  assert.deepEqual(
    (await changes('cert-manager')).filter((change) => !change.includes('Role airgap-webhook/rules')),
    [
      '+Certificate airgap-webhook',
      '+Certificate airgap-webhook-ca',
      `+${pod}/containers/0/args/6`,
      `+${pod}/containers/0/args/7`,
      `+${pod}/containers/0/volumeMounts/1`,
      `+${pod}/volumes/1`,
      '+Issuer airgap-webhook',
      '+Issuer airgap-webhook-self-signed',
      '+MutatingWebhookConfiguration airgap-webhook/metadata/annotations',
      '+ValidatingWebhookConfiguration airgap-webhook/metadata/annotations',
    ],
  );
  const { rules } = (await rendered('cert-manager')).get('Role airgap-webhook') as { rules: { resources: string[] }[] };
  assert.deepEqual(
    rules.map(({ resources }) => resources),
    [['leases'], ['leases']],
  );
});
