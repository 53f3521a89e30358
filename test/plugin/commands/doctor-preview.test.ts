import assert from 'node:assert/strict';
import path from 'node:path';
import { test } from 'node:test';
import type { DoctorReport, ReportCheck } from '../../../plugin/doctor/report.ts';
import { run } from './run.ts';
import { policyYaml, workspace } from './workspace.ts';

const list = (...items: object[]): string => JSON.stringify({ apiVersion: 'v1', kind: 'List', items });
const spec = (image: string): object => ({ containers: [{ name: 'app', image }] });
const meta = (name: string, more: object = {}): object => ({ namespace: 'shop', name, ...more });
const pod = (name: string, image: string): object => ({
  metadata: meta(name, { creationTimestamp: '2026-03-01T00:00:00Z' }),
  spec: spec(image),
});
const rules = [{ apiGroups: [''], apiVersions: ['v1'], resources: ['pods'], operations: ['CREATE'] }];
const webhooks = (name: string, failurePolicy: string): object => ({
  metadata: { name: 'airgap-webhook', creationTimestamp: '2026-02-01T00:00:00Z' },
  webhooks: [{ name, failurePolicy, rules, clientConfig: { url: 'https://w.local/' } }],
});
const hook = 'webhookconfigurations.admissionregistration.k8s.io.json';
const cluster = (folder: string, more: Readonly<Record<string, string>> = {}): Record<string, string> =>
  Object.fromEntries(
    Object.entries({
      'pods.json': list(pod('web', 'nginx:1'), pod('bare', 'quay.io/team/app:1'), pod('fine', 'my-registry.local/x')),
      'namespaces.json': list({ metadata: { name: 'shop' } }),
      'cronjobs.batch.json': list({
        metadata: meta('nightly'),
        spec: { jobTemplate: { spec: { template: { spec: spec('ghcr.io/team/job:2') } } } },
      }),
      'deployments.apps.json': list({
        metadata: meta('own'),
        spec: { template: { spec: spec('my-registry.local/x') } },
      }),
      ...Object.fromEntries(
        ['statefulsets.apps', 'daemonsets.apps', 'replicationcontrollers', 'podtemplates', 'jobs.batch'].map((name) => [
          `${name}.json`,
          list(),
        ]),
      ),
      [`mutating${hook}`]: list(),
      [`validating${hook}`]: list(),
      ...more,
    }).map(([name, text]) => [`${folder}/${name}`, text]),
  );
/** As `kubectl get airgappolicy -o yaml > policy.yaml` writes it. */
const fromCluster = policyYaml('Enforce').replace(
  '{name: default}',
  '{name: default, uid: u, generation: 3, creationTimestamp: "2026-01-01T00:00:00Z"}',
);
const folder = workspace({
  ...cluster('plain'),
  ...cluster('installed', {
    [`mutating${hook}`]: list(webhooks('mutate.airgap.dev', 'Ignore')),
    [`validating${hook}`]: list(webhooks('validate.airgap.dev', 'Fail')),
  }),
  'enforce.yaml': policyYaml('Enforce'),
  'audit.yaml': policyYaml('Audit'),
  'from-cluster.yaml': fromCluster,
});

const doctor = (dump: string, policy: string, ...more: string[]) =>
  run([
    'doctor',
    'admission',
    '--from',
    path.join(folder, dump),
    '--policy',
    path.join(folder, policy),
    '--no-progress',
    ...more,
  ]);
async function look(dump: string, policy: string): Promise<{ code: number; row: (id: string) => ReportCheck }> {
  const { code, out } = await doctor(dump, policy, '-o', 'json');
  const checks = (JSON.parse(out) as DoctorReport).categories.flatMap((category) => category.checks);
  const row = (id: string): ReportCheck => {
    const found = checks.find((check) => check.id === id);
    assert.ok(found, id);
    return found;
  };
  return { code, row };
}

for (const dump of ['plain', 'installed'])
  for (const file of ['enforce.yaml', 'from-cluster.yaml'])
    test(`${dump}: what ${file} would break if it were enforced`, async () => {
      const { code, row } = await look(dump, file);
      assert.equal(code, 1);
      const { findings, reason } = row('AG-ADM-005');
      assert.deepEqual(
        findings.map(({ cause, severity, confidence, objects }) =>
          [cause, severity, confidence, ...objects.map(({ kind, name }) => `${kind} ${name}`)].join(' '),
        ),
        [
          'image-would-be-rejected error certain CronJob nightly',
          'image-would-be-rejected error certain Pod bare',
          'image-would-be-rewritten warning certain Pod web',
        ],
      );
      assert.match(reason ?? '', /^3 pods and 2 templates were looked at/);
      const [job, , web] = findings;
      assert.match(job?.summary ?? '', /the policy default \(mode Enforce, not applied\) does not allow it/);
      assert.match(
        job?.remedy[0] ?? '',
        /^Nothing runs with it, and new pods are let in: .* Once it is in force in the mode Enforce, the next run/,
      );
      const within = path.join(folder, file);
      assert.deepEqual(job?.remedy.slice(1, 3), [
        `If it is to be used, let it come from the mirror, and copy it there: in ${within}, under spec.mirrors:`,
        '  - {sourcePrefix: ghcr.io/team, targetPrefix: my-registry.local/team}',
      ]);
      assert.equal(job.remedy.at(-1), `$ kubectl airgap explain image --policy ${within} ghcr.io/team/job:2 -n shop`);
      assert.ok(!findings.some(({ remedy }) => remedy.some((line) => /airgappolicy|replace --force/.test(line))));
      assert.match(web?.summary ?? '', /nothing acts by the policy yet$/);
      // No pod can have slipped past a policy that is not there, and nothing has to enforce it yet.
      assert.equal(row('AG-ADM-006').result, 'unknown');
      assert.deepEqual(row('AG-ADM-001').findings, []);
      assert.deepEqual(row('AG-ADM-002').findings, []);
    });

test('a file in the mode Audit breaks nothing, and says what the mode Enforce would', async () => {
  const { code, row } = await look('plain', 'audit.yaml');
  assert.equal(code, 0);
  const { findings } = row('AG-ADM-005');
  assert.deepEqual(
    findings.map(({ severity }) => severity),
    ['warning', 'warning', 'warning'],
  );
  assert.match(findings[0]?.summary ?? '', /\(mode Audit, not applied\)/);
});

test('custom resources of the file are judged by a command that names it', async () => {
  const { out } = await doctor('plain', 'enforce.yaml', '-o', 'wide');
  const file = path.join(folder, 'enforce.yaml');
  assert.ok(out.replaceAll(/\s+/g, ' ').includes(`kubectl airgap check --policy ${file} -f - judges them`), out);
});
