import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toolChecks } from '../../../../plugin/doctor/checks/tools.ts';
import { releaseOf } from '../../../../shared/tool.ts';
import { examine, verdicts } from '../certs/examine.ts';

const [kubectlFits, kubeletsFit] = toolChecks as readonly [(typeof toolChecks)[number], (typeof toolChecks)[number]];
const tools = (versions: Readonly<Record<string, string | null>>): { tools: object[] } => ({
  tools: Object.entries({ 'api-server': '1.37.2', kubectl: '1.37.0', regctl: '0.11.7', skopeo: null, ...versions }).map(
    ([name, version]) => ({ name, ...(version === null ? {} : { version }) }),
  ),
});

test('a release is read from every way to write it', () => {
  assert.deepEqual(releaseOf('v1.37.2-eks-5'), { major: 1, minor: 37 });
  assert.deepEqual(releaseOf('1.29+'), { major: 1, minor: 29 });
  for (const none of ['', 'unknown', 'v1', '(devel)']) assert.equal(releaseOf(none), undefined);
});

test('kubectl may be one minor release away from the API server', () => {
  const run = (kubectl: string): string[] => verdicts(examine(kubectlFits, tools({ kubectl })));
  for (const fits of ['1.36.9', '1.37.0', '1.38.1']) assert.deepEqual(run(fits), [], fits);
  for (const apart of ['1.35.0', '1.39.0', '2.37.0'])
    assert.deepEqual(run(apart), ['kubectl-skew warning certain'], apart);
});

test('what is missing is mentioned; a server that does not tell its version makes it unknown', () => {
  const row = examine(kubectlFits, tools({ kubectl: null, regctl: null }));
  assert.equal(row.result, 'ok');
  assert.match(row.reason ?? '', /no kubectl on the PATH; neither regctl nor skopeo/);
  assert.equal(examine(kubectlFits, tools({})).reason, null);
  assert.equal(examine(kubectlFits, tools({ 'api-server': '' })).result, 'unknown');
  assert.equal(examine(kubeletsFit, tools({ 'api-server': '' })).result, 'unknown');
});

test('kubelets are never newer, and at most three minor releases older', () => {
  const node = (name: string, kubeletVersion: string): object => ({
    metadata: { name },
    status: { nodeInfo: { kubeletVersion } },
  });
  const run = (version: string, server = '1.37.2') =>
    examine(kubeletsFit, { ...tools({ 'api-server': server }), nodes: [node('n1', version)] });
  for (const fits of ['v1.37.2', 'v1.34.0', '']) assert.deepEqual(verdicts(run(fits)), [], fits);
  for (const apart of ['v1.38.0', 'v1.33.9'])
    assert.deepEqual(verdicts(run(apart)), ['kubelet-skew error certain'], apart);
  assert.deepEqual(verdicts(run('v1.24.0', '1.27.1')), ['kubelet-skew error certain']);
  assert.match(run('v1.38.0').findings[0]?.summary ?? '', /kubelet v1\.38\.0 is newer than the API server 1\.37\.2/);
  assert.ok(
    run('v1.33.0').findings[0]?.remedy.includes('$ kubectl drain n1 --ignore-daemonsets --delete-emptydir-data'),
  );
});
