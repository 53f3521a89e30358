import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { DoctorReport, ReportFinding } from '../../../plugin/doctor/report.ts';
import type { Manifest } from '../api.ts';
import { startControlPlane, type ControlPlaneCluster } from '../cluster.ts';
import { tool } from '../tools/build.ts';
import { account, bind, breaks } from './breaks.ts';

const run = promisify(execFile);
const root = path.resolve(import.meta.dirname, '../../..');
const apiGroup = 'rbac.authorization.k8s.io';
let cluster: ControlPlaneCluster;
let kubectlDirectory: string;

before(async () => {
  cluster = await startControlPlane();
  kubectlDirectory = path.dirname(await tool('kubectl'));
});
after(async () => cluster[Symbol.asyncDispose]());

/** What `kubectl airgap doctor rbac` reports; it ends with 3 where it could see nothing, which is a report as well. */
async function doctor(flags: readonly string[] = []): Promise<DoctorReport> {
  const args = ['plugin/main.ts', 'doctor', 'rbac', '-o', 'json', '--fail-on', 'never', ...flags];
  const child = run(process.execPath, [...args, '--kubeconfig', cluster.kubeconfig], { cwd: root, maxBuffer: 2 ** 28 });
  const { stdout } = await child.catch((error: { code: number; stdout: string }) => {
    if (error.code !== 3) throw error;
    return error;
  });
  return JSON.parse(stdout) as DoctorReport;
}

/** What it finds about one namespace. */
async function examine(namespace: string): Promise<ReportFinding[]> {
  return (await doctor()).categories
    .flatMap(({ checks }) => checks.flatMap(({ findings }) => findings))
    .filter((finding) => JSON.stringify(finding).includes(namespace));
}

/** Pastes the commands of a remedy into a shell, as a person would, and returns what they print. */
async function paste(commands: readonly string[]): Promise<string> {
  const env = { ...process.env, KUBECONFIG: cluster.kubeconfig, PATH: `${kubectlDirectory}:${process.env['PATH']}` };
  const { stdout } = await run('bash', ['-c', commands.map((line) => line.slice(2)).join('\n')], { env });
  return stdout;
}

/** The API server's own words when it refuses this to somebody. */
async function refusal(user: string, args: readonly string[], input?: string): Promise<string> {
  try {
    await cluster.kubectl([...args, `--as=${user}`], input);
  } catch (error) {
    const { message } = error as Error;
    return message.slice(message.indexOf('Error from server'));
  }
  throw new Error(`${user} was not refused ${args.join(' ')}`);
}

/** A controller that is refused something writes it into an event like this one. */
function warning(namespace: string, message: string): Manifest {
  const involvedObject = { apiVersion: 'v1', kind: 'Pod', namespace, name: 'api-0' };
  const metadata = { namespace, name: `api-0.${Date.now().toString(16)}` };
  return { apiVersion: 'v1', kind: 'Event', metadata, type: 'Warning', reason: 'Failed', message, involvedObject };
}

test('a fresh cluster has nothing to complain about', async () => {
  const { summary } = await doctor();
  assert.deepEqual(summary, { ok: 5, warning: 0, error: 0, skipped: 0, unknown: 0 });
});

for (const [index, [title, { cause, severity = 'error', objects, tries }]] of Object.entries(breaks).entries())
  test(`found and cured: ${title}`, async () => {
    const namespace = `broken-${String.fromCodePoint(97 + index)}`;
    await cluster.api.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } }, account(namespace));
    await cluster.api.apply(...(objects?.(namespace) ?? []));
    // The authorizer hears of new bindings a moment later; what it says of them is part of the message.
    await sleep(300);
    const attempt = tries?.(namespace);
    const user = `system:serviceaccount:${namespace}:api`;
    if (attempt !== undefined)
      await cluster.api.apply(warning(namespace, await refusal(user, attempt.args, attempt.input)));

    const found = await examine(namespace);
    assert.deepEqual(
      found.map((one) => `${one.severity} ${one.cause}`),
      [`${severity} ${cause}`],
      JSON.stringify(found),
    );
    const commands = (found[0]?.remedy ?? []).filter((line) => line.startsWith('$ '));
    const manifest = commands.find((line) => line.includes("<<'EOF'"));
    assert.ok(manifest !== undefined, 'the remedy has no objects to apply');
    await paste([manifest]);
    assert.deepEqual(await examine(namespace), []);

    const check = commands.filter((line) => line.includes('auth can-i') && !line.includes('--list'));
    await sleep(300);
    for (const line of check) assert.match(await paste([line]), /^yes/m, line);
    if (attempt !== undefined && cause !== 'rbac-missing-rule')
      await cluster.kubectl([...attempt.args, `--as=${user}`], attempt.input);
  });

const deployment = (namespace: string, serviceAccountName: string): Manifest => {
  const labels = { app: 'web' };
  const spec = { serviceAccountName, containers: [{ name: 'web', image: 'registry.example.com/web:1' }] };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { namespace, name: 'web' },
    spec: { selector: { matchLabels: labels }, template: { metadata: { labels }, spec } },
  };
};

/** Waits for what a controller does in its own time. */
async function eventually<T>(look: () => Promise<T>, holds: (value: T) => boolean): Promise<T> {
  for (let tries = 0; ; tries++) {
    const value = await look();
    if (holds(value)) return value;
    assert.ok(tries < 60, JSON.stringify(value));
    await sleep(500);
  }
}

const pods = async (namespace: string): Promise<number> =>
  (await cluster.api.get<{ items: unknown[] }>(`/api/v1/namespaces/${namespace}/pods`)).items.length;

test('found and cured: a Deployment whose service account does not exist', async () => {
  await cluster.api.apply(
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'lost' } },
    deployment('lost', 'web'),
  );
  const [finding] = await eventually(
    () => examine('lost'),
    (found) => found.length > 0,
  );
  assert.equal(finding?.cause, 'rbac-subject-missing');
  assert.ok(
    finding.objects.every(({ name }) => /^web(?:-|$)/.test(name)),
    JSON.stringify(finding.objects),
  );
  await paste(finding.remedy.filter((line) => line.includes("<<'EOF'")));
  assert.deepEqual(await examine('lost'), []);
  await eventually(
    () => pods('lost'),
    (count) => count === 1,
  );
});

test('found and cured: a controller of the cluster whose role lost a rule', async () => {
  const url = `/apis/${apiGroup}/v1/clusterroles/system:controller:replicaset-controller`;
  const own = await cluster.api.get<{ rules: { resources: string[]; verbs: string[] }[] }>(url);
  const rules = own.rules.filter(({ resources, verbs }) => !(resources.includes('pods') && verbs.includes('create')));
  const patch = await cluster.api.raw('PATCH', url, { rules }, 'application/merge-patch+json');
  assert.equal(patch.status, 200, patch.text);
  await sleep(500);
  const namespace = 'unmade';
  await cluster.api.apply(
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } },
    account(namespace),
    deployment(namespace, 'api'),
  );
  const [finding] = await eventually(
    () => examine(namespace),
    (found) => found.length > 0,
  );
  assert.equal(finding?.cause, 'rbac-missing-rule');
  assert.equal(
    finding.summary,
    'ServiceAccount kube-system/replicaset-controller may not create pods in namespace unmade: no role that is bound to it says so',
  );
  await paste(finding.remedy.filter((line) => line.includes("<<'EOF'")));
  assert.deepEqual(await examine(namespace), []);
  await eventually(
    () => pods(namespace),
    (count) => count === 1,
  );
});

test('somebody anonymous is named as such, and nothing to grant is proposed', async () => {
  await cluster.api.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'nobody' } });
  const message = await refusal('system:anonymous', ['get', '--raw', '/metrics', '--as-group=system:unauthenticated']);
  await cluster.api.apply(warning('nobody', message));
  const [finding] = await examine('nobody');
  assert.equal(finding?.cause, 'rbac-anonymous');
  assert.ok(!finding.remedy.some((line) => line.includes('EOF')));
});

test('what doctor may not read is unknown with the rule it lacks; the printed role is all it needs', async () => {
  const user = 'system:serviceaccount:kube-system:doctor';
  const results = async (): Promise<[string, string | null][]> =>
    (await doctor(['--as', user])).categories.flatMap(({ checks }) =>
      checks.map(({ result, reason }): [string, string | null] => [result, reason]),
    );
  const before = await results();
  assert.ok(
    before.every(([result]) => result === 'unknown'),
    JSON.stringify(before),
  );
  assert.match(
    before[0]?.[1] ?? '',
    /the rule that is missing: \{apiGroups: \[rbac\.authorization\.k8s\.io\], resources: \[roles\], verbs: \[list\]\}/,
  );
  const { stdout } = await run(process.execPath, ['plugin/main.ts', 'doctor', 'rbac', '--print-rbac', '--as', user], {
    cwd: root,
  });
  await cluster.kubectl(['apply', '-f', '-'], stdout);
  await sleep(500);
  const seen = await results();
  assert.ok(
    seen.every(([result, reason]) => result !== 'unknown' && reason === null),
    JSON.stringify(seen),
  );
});

test('a recording of the cluster gives the same findings', async () => {
  await cluster.api.apply(
    bind('nobody', 'gone', 'Role', 'gone'),
    bind('', 'nobody-gone', 'ClusterRole', 'view', 'nobody'),
  );
  const file = path.join(cluster.directory, 'dump.tar.gz');
  await run(process.execPath, ['plugin/main.ts', 'dump', '-o', file, '--kubeconfig', cluster.kubeconfig], {
    cwd: root,
  });
  const args = ['plugin/main.ts', 'doctor', 'rbac', '-o', 'json', '--fail-on', 'never', '--from', file];
  const recorded = JSON.parse((await run(process.execPath, args, { cwd: root })).stdout) as DoctorReport;
  const live = await doctor();
  assert.deepEqual(recorded.categories, live.categories);
  assert.ok(live.summary.error + live.summary.warning >= 3);
});
