import assert from 'node:assert/strict';
import { test } from 'node:test';
import { collect } from '../../../../plugin/cluster/collect.ts';
import type { Cluster } from '../../../../plugin/cluster/cluster.ts';
import type { Gap } from '../../../../plugin/cluster/snapshot.ts';
import { registryChecks } from '../../../../plugin/doctor/checks/mirror.ts';
import type { Cause } from '../../../../plugin/doctor/causes/cause.ts';
import { families, type CauseId } from '../../../../plugin/doctor/causes/ids.ts';
import { causes as realCauses } from '../../../../plugin/doctor/causes/index.ts';
import { findingOf } from '../../../../plugin/doctor/probes/finding-of-step.ts';
import { judge } from '../../../../plugin/doctor/judge.ts';
import { faultCodes, type FaultCode } from '../../../../shared/registry/fault.ts';
import type { ProbeStep, ProbeStepName, RegistryProbe } from '../../../../shared/registry/probe.ts';
import type { Json } from '../../../../shared/kube/json.ts';

const now = new Date('2026-11-22T12:00:00Z');
const plain: Cause = {
  title: '',
  severity: 'error',
  owner: '',
  summary: (facts) => `${facts['registry']} ${facts['inner'] ?? ''}`.trim(),
  remedy: () => [],
  explanation: '',
  confirm: [],
};
const causes = Object.fromEntries(
  Object.values(families)
    .flat()
    .map((id) => [id, plain]),
) as unknown as Record<CauseId, Cause>;

const step = (name: ProbeStepName, fault: FaultCode | null = null, over: Partial<ProbeStep> = {}): ProbeStep => ({
  step: name,
  ok: fault === null,
  fault,
  host: 'reg.example',
  role: 'registry',
  detail: 'as it was',
  ...over,
});
const reached = ['resolve', 'connect', 'tls', 'chain', 'dates', 'names', 'http'].map((name) =>
  step(name as ProbeStepName),
);
const image = (name: string, failing: boolean, ...steps: ProbeStep[]): RegistryProbe['images'][number] => ({
  image: `reg.example/${name}`,
  original: null,
  namespace: failing ? 'app' : '',
  pullSecrets: [],
  failing,
  as: failing ? 'pull secret app/login' : 'your own login',
  steps,
  ownLogin: failing ? true : null,
  platforms: ['linux/arm64'],
  digests: [`sha256:${'a'.repeat(64)}`, `sha256:${'b'.repeat(64)}`],
  wanted: ['linux/amd64'],
});
const registry = (over: Partial<RegistryProbe> = {}): RegistryProbe => ({
  host: 'reg.example',
  scheme: 'https',
  steps: reached,
  certificates: [],
  images: [],
  ...over,
});

const pod = (name: string, written: string, waits: boolean, namespace = 'app'): Json => ({
  metadata: { namespace, name },
  spec: { containers: [{ name: 'c', image: written }] },
  status: {
    phase: waits ? 'Pending' : 'Running',
    containerStatuses: [{ name: 'c', state: waits ? { waiting: { reason: 'ErrImagePull' } } : {} }],
  },
});

const pods = [
  pod('wait', 'reg.example/a:1', true),
  pod('wait-2', 'reg.example/a:1', true),
  pod('elsewhere', 'reg.example/a:1', true, 'other'),
  pod('run', 'reg.example/b:1', false),
];

/** `CHECK result: CAUSE severity confidence objects` of a probe, as the report would have it. */
async function report(
  probes: readonly RegistryProbe[],
  gap: Gap | null = null,
  more: readonly Json[] = [],
): Promise<string[]> {
  const cluster: Cluster = {
    source: 'test',
    now,
    list: async (type, visit) => {
      if (type.plural === 'pods') for (const raw of [...pods, ...more]) visit(raw);
      return null;
    },
    get: async () => ({ gap: { why: 'absent', reason: '' } }),
    observe: async (_kind, _snapshot, visit) => {
      for (const probe of probes) visit({ ...probe });
      return gap;
    },
  };
  const snapshot = await collect(cluster, new Set(['registry-probes', 'pods', 'nodes']));
  const { categories } = judge('test', registryChecks, causes, snapshot, { now });
  return categories.flatMap(({ checks }) =>
    checks.map(({ id, result, findings }) => {
      const told = findings.map(({ cause, severity, confidence, objects, summary }) => {
        const names = objects.map(({ namespace, name }) => (namespace === undefined ? name : `${namespace}/${name}`));
        return `${cause} ${severity} ${confidence} (${names.join(' ')}) ${summary}`;
      });
      return [`${id} ${result}`, ...told].join(': ');
    }),
  );
}

test('registries that answer and hold everything pass; none named is skipped, no answer is unknown', async () => {
  const good = registry({ images: [image('a:1', true, step('manifest'), step('blobs'))] });
  assert.deepEqual(await report([good]), [
    'AG-IMG-010 ok',
    'AG-MIR-001 ok',
    'AG-MIR-002 ok',
    'AG-IMG-005 ok',
    'AG-IMG-007 ok',
    'AG-IMG-008 ok',
  ]);
  const skipped = await report([], { why: 'not-asked', reason: 'no registry was named' });
  assert.ok(
    skipped.every((line) => line.endsWith(' skipped')),
    skipped.join(),
  );
  const halfway = await report([good], { why: 'failed', reason: 'the time was over' });
  assert.ok(
    halfway.every((line) => line.endsWith(' unknown')),
    halfway.join(),
  );
  const closed = registry({ steps: [step('resolve'), step('connect', 'refused')] });
  assert.deepEqual(await report([closed]), [
    'AG-IMG-010 unknown',
    'AG-MIR-001 error: net-refused error likely (reg.example) reg.example',
    'AG-MIR-002 ok',
    'AG-IMG-005 unknown',
    'AG-IMG-007 unknown',
    'AG-IMG-008 unknown',
  ]);
});

test('each broken rung is told under the check it concerns, with the pods that need the image', async () => {
  const token = { host: 'auth.example', role: 'token service' } as const;
  const store = { host: 'blobs.example', role: 'redirect target' } as const;
  const lines = await report([
    registry({
      steps: [...reached, step('login', 'refused', token)],
      images: [
        image('a:1', true, step('manifest', 'unauthorized')),
        image('b:1', false, step('manifest', 'not-found')),
        image('c:1', false, step('manifest', 'not-found')),
        image('a:1', true, step('manifest'), step('platforms', 'platform-missing')),
        image('a:1', true, step('manifest'), step('blobs', 'host-not-named', store)),
      ],
    }),
  ]);
  assert.deepEqual(lines, [
    'AG-IMG-010 error: auth-required error likely (app/wait app/wait-2) reg.example',
    'AG-MIR-001 error: auth-token-service error likely (reg.example) reg.example net-refused',
    'AG-MIR-002 warning: redirect-unreachable warning guess (reg.example) reg.example',
    'AG-IMG-005 warning: image-not-found warning likely (app/run) reg.example',
    'AG-IMG-007 error: platform-missing error certain (app/wait app/wait-2) reg.example',
    'AG-IMG-008 ok',
  ]);
});

test('an image that a policy has elsewhere is told by the name that the pods have', async () => {
  const there = { ...image('mirror/b:1', false, step('manifest', 'not-found')), original: 'reg.example/b:1' };
  assert.equal(
    (await report([registry({ images: [there] })]))[3],
    'AG-IMG-005 warning: mirror-miss warning likely (app/run) reg.example',
  );
});

test('every fault has a cause on every host it can be met at', async () => {
  for (const fault of faultCodes)
    for (const role of ['registry', 'token service', 'redirect target'] as const) {
      const lines = await report([registry({ steps: [step('http', fault, { role })] })]);
      assert.ok(
        lines.some((line) => /^AG-MIR-00[12] (?:error|warning): /.test(line)),
        `${fault} ${role}: ${lines.join()}`,
      );
    }
});

/** Faults that only an image can have. */
const ofImages = new Set<FaultCode>([
  'not-found',
  'platform-missing',
  'wrong-digest',
  'schema1',
  'media-type',
  'truncated',
  'blocked-by-policy',
]);

test('what a probe saw is told of this machine, not of a node, and the remedy names real hosts', () => {
  for (const fault of faultCodes.filter((code) => !ofImages.has(code)))
    for (const role of ['registry', 'token service', 'redirect target'] as const) {
      const host = role === 'registry' ? 'reg.example' : 'other.example';
      const seen = step('http', fault, { role, host });
      const { cause, facts } = findingOf(seen, { registry: 'reg.example', objects: [] });
      const text = realCauses[cause].summary({ ...facts, host });
      assert.doesNotMatch(text, /\bthe node\b/, `${fault} of the ${role}`);
      const remedy = realCauses[cause].remedy({ ...facts, host }).join('\n');
      assert.doesNotMatch(remedy, /\b(?:REGISTRY|HOST|IMAGE)\b/, `${fault} of the ${role}`);
    }
});

test('a tag that was moved after a pod started is told by the digest that runs', async () => {
  const runs = (name: string, imageID: string): Json => ({
    metadata: { namespace: 'app', name },
    spec: { containers: [{ name: 'c', image: 'reg.example/d:1' }] },
    status: { phase: 'Running', containerStatuses: [{ name: 'c', imageID, state: {} }] },
  });
  const digest = (letter: string): string => `sha256:${letter.repeat(64)}`;
  const of = async (...more: readonly Json[]): Promise<string | undefined> =>
    (await report([registry({ images: [image('d:1', false, step('manifest'))] })], null, more))[5];
  const same = [runs('index', `reg.example/d@${digest('a')}`), runs('platform', `other.example/x@${digest('b')}`)];
  assert.equal(await of(...same, runs('config', digest('c')), runs('waits', '')), 'AG-IMG-008 ok');
  assert.equal(
    await of(...same, runs('old', `reg.example/d@${digest('c')}`)),
    'AG-IMG-008 error: mirror-drift error certain (app/old) reg.example',
  );
});
