import assert from 'node:assert/strict';
import path from 'node:path';
import { test } from 'node:test';
import type { DoctorReport, ReportFinding } from '../../plugin/doctor/report.ts';
import { operatorOf } from './certs/operator.ts';
import { startControlPlane } from './cluster.ts';
import { until } from './admission/webhook-process.ts';

const gitRepositories = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'gitrepositories.source.toolkit.fluxcd.io' },
  spec: {
    group: 'source.toolkit.fluxcd.io',
    scope: 'Namespaced',
    names: { kind: 'GitRepository', plural: 'gitrepositories', singular: 'gitrepository' },
    versions: [
      {
        name: 'v1',
        served: true,
        storage: true,
        schema: { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
      },
    ],
  },
};

test('what leads out of the cluster, and programs and nodes that do not fit it: found, cured, gone', async () => {
  await using cluster = await startControlPlane();
  await using operator = await operatorOf(cluster);
  const look = async (): Promise<ReportFinding[]> => {
    const told = async (flags: readonly string[]): Promise<ReportFinding[]> => {
      const line = ['doctor', 'egress', 'tools', '-o', 'json', '--fail-on', 'never', ...flags];
      const { categories } = JSON.parse(await operator.plugin(line)) as DoctorReport;
      return categories.flatMap(({ checks }) => checks.flatMap(({ findings }) => findings));
    };
    const dump = path.join(operator.folder, 'dump.tar.gz');
    const [live] = await Promise.all([told([]), operator.plugin(['dump', '-o', dump, '--no-progress'])]);
    assert.deepEqual(await told(['--from', dump]), live);
    return live;
  };
  assert.deepEqual(await look(), []);

  await cluster.api.apply(gitRepositories);
  const sources = '/apis/source.toolkit.fluxcd.io/v1/gitrepositories';
  await until('GitRepositories to be served', async () => (await cluster.api.raw('GET', sources)).status === 200);
  const metadata = (name: string, namespace = 'default'): { name: string; namespace: string } => ({ name, namespace });
  await cluster.api.apply(
    {
      apiVersion: 'source.toolkit.fluxcd.io/v1',
      kind: 'GitRepository',
      metadata: metadata('podinfo'),
      spec: { url: 'https://robot:hunter2@github.com/example/podinfo' },
    },
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: metadata('registry'),
      spec: { type: 'ExternalName', externalName: 'registry-1.docker.io' },
    },
    {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: metadata('coredns', 'kube-system'),
      data: { Corefile: '.:53 {\n    forward . 8.8.8.8 9.9.9.9\n    cache 30\n}\n' },
    },
    {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: metadata('web'),
      spec: { containers: [{ name: 'web', image: 'nginx:1' }] },
    },
    { apiVersion: 'v1', kind: 'Node', metadata: { name: 'forgotten' } },
  );
  const status = { nodeInfo: { kubeletVersion: 'v1.31.0' } };
  const patched = await cluster.api.raw(
    'PATCH',
    '/api/v1/nodes/forgotten/status',
    { status },
    'application/merge-patch+json',
  );
  assert.equal(patched.status, 200, patched.text);

  const findings = await look();
  assert.deepEqual(findings.map(({ cause, objects }) => `${cause} ${objects[0]?.name}`).toSorted(), [
    'dns-forwards-out coredns',
    'egress-internet-host podinfo',
    'egress-internet-host registry',
    'image-from-internet web',
    'kubelet-skew forgotten',
  ]);
  assert.doesNotMatch(JSON.stringify(findings), /hunter2/);
  for (const finding of findings)
    if (finding.cause === 'egress-internet-host') await operator.paste(finding, / delete /);
  // What an editor would write.
  await cluster.kubectl([
    '-n',
    'kube-system',
    'patch',
    'configmap',
    'coredns',
    '-p',
    '{"data":{"Corefile":".:53 {\\n forward . /etc/resolv.conf\\n}"}}',
  ]);
  await cluster.kubectl(['delete', 'pod', 'web', '--force', '--grace-period=0']);
  await cluster.kubectl(['delete', 'node', 'forgotten']);
  assert.deepEqual(await look(), []);
});
