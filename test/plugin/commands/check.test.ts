import assert from 'node:assert/strict';
import { symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import type { CheckReport } from '../../../plugin/policy/check-report.ts';
import { isUnsafe } from '../../../shared/unsafe-text.ts';
import { recordedApi } from '../../fake/recorded-api.ts';
import { run } from './run.ts';
import { policyYaml, workspace } from './workspace.ts';
import { assertFits } from '../../schema.ts';
import { withPath } from '../with-path.ts';

const workload = `# a comment
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  template:
    spec:
      initContainers:
        - name: init
          image: busybox
      containers:
        - name: app
          image: evil.io/x:1
      volumes:
        - name: v
          image: {reference: my-registry.local/data:1}
---
apiVersion: v1
kind: List
items:
  - apiVersion: batch/v1
    kind: CronJob
    metadata: {name: nightly}
    spec: {jobTemplate: {spec: {template: {spec: {containers: [{name: c,
      image: Bad}]}}}}}
---
apiVersion: x.io/v1
kind: Thing
metadata: {name: t, namespace: kube-system}
spec: {parts: [{image: quay.io/q/x}]}
`;

const folder = workspace({
  'Enforce.yaml': policyYaml('Enforce'),
  'Rewrite.yaml': policyYaml('Rewrite'),
  'manifests/a.yaml': workload,
  'manifests/values.yaml': 'image: evil.io/not-a-manifest\n',
  'manifests/deep/b.json': JSON.stringify({
    apiVersion: 'v1',
    kind: 'Pod',
    spec: { containers: [{ image: 'nginx' }] },
  }),
  'linked/a.yaml': 'kind: ConfigMap\n',
  'chart/Chart.yaml': 'name: c\n',
  'broken.yaml': 'kind: Pod\nspec: {{ .Values.spec }}\n',
});
const inside = (name: string): string => path.join(folder, name);
const check = (mode: string, ...more: string[]) =>
  run(['check', '--policy', inside(`${mode}.yaml`), ...more], workload);

async function reportOf(...more: string[]): Promise<CheckReport> {
  const document: unknown = JSON.parse((await check('Enforce', ...more, '-o', 'json')).out);
  assertFits('schemas/check-report.schema.json', document);
  return document as CheckReport;
}

test('a folder is searched with everything below it, and every finding has its line', async () => {
  const { summary, findings } = await reportOf('-f', inside('manifests'));
  assert.deepEqual(
    findings.map(({ severity, file, line, namespace, name, field, action }) =>
      [severity, `${path.basename(file)}:${line}`, `${namespace}/${name}`, field, action].join(' '),
    ),
    [
      'error a.yaml:13 shop/web spec.template.spec.containers[0].image reject',
      'info a.yaml:10 shop/web spec.template.spec.initContainers[0].image rewrite',
      'error a.yaml:25 default/nightly spec.jobTemplate.spec.template.spec.containers[0].image invalid',
      'info a.yaml:30 kube-system/t spec.parts[0].image allow',
      'info b.json:1 default/ spec.containers[0].image rewrite',
    ],
  );
  assert.deepEqual([summary.files, summary.objects, summary.images, summary.allow, summary.error], [3, 4, 6, 2, 2]);
});

test('standard input is read, and -n names the namespace of objects that name none', async () => {
  const { findings } = await reportOf('-f', '-', '-n', 'kube-system');
  assert.deepEqual(
    findings.map(({ name, severity }) => `${name} ${severity}`),
    ['web error', 'web info', 'nightly info', 't info'],
  );
});

test('standard input is named in every way that kubectl knows', async () => {
  for (const line of [['-f', '-'], ['-f-'], ['-f=-'], ['--filename', '-'], ['--filename=-']])
    assert.equal((await check('Enforce', ...line)).code, 1, line.join(' '));
});

test('the exit code follows --fail-on and the mode', async () => {
  const codes = [
    (await check('Enforce', '-f', '-')).code,
    (await check('Enforce', '-f', '-', '--fail-on', 'never')).code,
    (await check('Rewrite', '-f', '-')).code,
    (await check('Rewrite', '-f', '-', '--fail-on', 'warning')).code,
    (await check('Enforce', '-f', inside('manifests/deep'))).code,
  ];
  assert.deepEqual(codes, [1, 0, 0, 1, 0]);
});

test('what cannot be read is exit code 2, in one sentence', async () => {
  const cases: readonly (readonly [path: string, expected: RegExp])[] = [
    ['nowhere', /nowhere cannot be read: no such file or directory\.\n/],
    ['broken.yaml', /broken\.yaml, line 2, is not readable as YAML/],
  ];
  for (const [name, expected] of cases) {
    const { code, err } = await check('Enforce', '-f', inside(name));
    assert.equal(code, 2);
    assert.match(err, expected);
  }
  assert.equal((await check('Enforce')).code, 2);
  assert.match((await run(['check', '--policy', inside('Enforce.yaml'), '-f', '-'])).err, /no Kubernetes object/);
});

const podOf = (image: string): object => ({ apiVersion: 'v1', kind: 'Pod', spec: { containers: [{ image }] } });

test('in an exempt namespace everything stays as it is, and says so', async () => {
  const pod = JSON.stringify({ ...podOf('nginx'), metadata: { namespace: 'kube-system' } });
  const { out } = await run(['check', '--policy', inside('Enforce.yaml'), '-f', '-'], pod);
  assert.match(out, /^info standard input:1: nginx\n.*\n {2}the namespace is exempt \(bootstrap\); otherwise: docker/);
  assert.match(out, /1 allowed, 0 rewritten/);
});

const policyObject = {
  apiVersion: 'airgap.dev/v1alpha1',
  kind: 'AirgapPolicy',
  metadata: { name: 'prod' },
  spec: { mode: 'Enforce', namespaceSelector: { matchLabels: { env: 'prod' } } },
};
const shop = (env: string): string =>
  `${JSON.stringify({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop', labels: { env } } })}\n`;
const inShop = JSON.stringify({ ...podOf('evil.io/x'), metadata: { namespace: 'shop' } });

test('a policy that selects by labels is never passed over in silence', async () => {
  writeFileSync(inside('prod.yaml'), JSON.stringify(policyObject));
  const by = (text: string) => run(['check', '--policy', inside('prod.yaml'), '-f', '-'], text);
  assert.deepEqual([(await by(shop('prod') + inShop)).code, (await by(shop('prod') + inShop)).err], [1, '']);
  const other = await by(shop('dev') + inShop);
  assert.equal(other.code, 0);
  assert.equal(other.err, 'warning: no policy selects the namespaces shop: images there are left as they are\n');
  const unknown = await by(inShop);
  assert.equal(unknown.code, 1);
  assert.match(unknown.err, /depends on labels of the namespaces shop, which are not known here/);
});

test('labels of namespaces are asked of the cluster that the policies come from', async () => {
  const cluster = workspace({
    'airgappolicies.airgap.dev.json': JSON.stringify({ kind: 'List', items: [policyObject] }),
    'namespaces.json': JSON.stringify({ kind: 'List', items: [JSON.parse(shop('prod'))] }),
  });
  const api = await recordedApi(cluster);
  try {
    const { code, err } = await run(['check', '--server', api.url, '-f', '-'], inShop);
    assert.deepEqual([code, err], [1, '']);
    const { out } = await run(['explain', 'image', '--server', api.url, '-n', 'shop', 'evil.io/x']);
    assert.match(out, /reject/);
    const elsewhere = await run(['explain', 'image', '--server', api.url, '-n', 'other', 'evil.io/x']);
    assert.match(elsewhere.err, /depends on its labels, which are not known here: policy prod is taken/);
  } finally {
    api.close();
  }
});

test('a policy of a file that can never be in force is told', async () => {
  const one = (name: string): string => policyYaml('Enforce').replace('default', name);
  writeFileSync(inside('two.yaml'), `${one('b')}---\n${one('a')}`);
  const { err } = await run(['check', '--policy', inside('two.yaml'), '-f', '-'], inShop);
  assert.equal(err, 'warning: policy b is never in force: policy a covers every namespace too, and goes before it\n');
});

test('what kubectl would create is judged, however it is written', async () => {
  const shapes: Readonly<Record<string, string>> = {
    'merge keys': 'kind: Pod\napiVersion: v1\nspec: {containers: [{<<: {image: evil.io/x}}]}\n',
    'a typed list': 'kind: PodList\napiVersion: v1\nitems: [{spec: {containers: [{image: evil.io/x}]}}]\n',
    'a list of lists': `kind: List\nitems: [{kind: List, items: [${JSON.stringify(podOf('evil.io/x'))}]}]\n`,
    'objects one after the other': `${JSON.stringify(podOf('nginx'))}\n${JSON.stringify(podOf('evil.io/x'))}\n`,
    'lines of DOS': '\ufeffkind: Pod\r\napiVersion: v1\r\nspec:\r\n  containers:\r\n  - image: evil.io/x\r\n',
  };
  for (const [shape, text] of Object.entries(shapes)) {
    const { out } = await run(['check', '--policy', inside('Enforce.yaml'), '-f', '-', '-o', 'json'], text);
    const { findings } = JSON.parse(out) as CheckReport;
    assert.deepEqual(
      findings.filter(({ action }) => action === 'reject').map(({ image }) => image),
      ['evil.io/x'],
      shape,
    );
  }
});

test('text in UTF-16 is read where it says so, and other bytes are refused rather than passed over', async () => {
  const utf16 = Buffer.from(`\ufeff${JSON.stringify(podOf('evil.io/x'))}`, 'utf16le');
  writeFileSync(inside('utf16.json'), utf16);
  writeFileSync(inside('latin.json'), Buffer.from('{"kind": "\xe9"}', 'latin1'));
  assert.match((await check('Enforce', '-f', inside('utf16.json'))).out, /evil\.io\/x/);
  const { code, err } = await check('Enforce', '-f', inside('latin.json'));
  assert.equal(code, 2);
  assert.match(err, /latin\.json is not text in UTF-8\.\nSave it as UTF-8\./);
});

test('a folder is read without following links to folders, and a file that cannot be read is named', async () => {
  symlinkSync('..', inside('linked/up.yaml'));
  symlinkSync('.', inside('linked/self'));
  assert.match((await check('Enforce', '-f', inside('linked'))).out, /^0 images in 1 object:/);
  symlinkSync('nowhere', inside('linked/gone.yaml'));
  assert.match(
    (await check('Enforce', '-f', inside('linked'))).err,
    /linked\/gone\.yaml cannot be read: no such file or directory/,
  );
});

test('a chart where there is no helm is exit code 2, and says how to go on without', async () => {
  const { code, err } = await withPath('', () => check('Enforce', '-f', inside('chart')));
  assert.equal(code, 2);
  assert.match(err, /chart is a Helm chart, and there is no helm to render it\.\n.*helm template .*chart/);
});

test('every format holds every rejected image', async () => {
  for (const format of ['table', 'json', 'yaml', 'sarif', 'junit']) {
    const { out } = await check('Enforce', '-f', '-', '-o', format);
    assert.ok(out.includes('evil.io/x:1') && out.includes('Bad'), format);
  }
  const sarif = JSON.parse((await check('Enforce', '-f', '-', '-o', 'sarif')).out) as {
    runs: { results: { ruleId: string; level: string; locations: object[] }[] }[];
  };
  assert.deepEqual(
    sarif.runs[0]?.results.map(({ ruleId, level }) => `${ruleId} ${level}`),
    ['reject error', 'rewrite note', 'invalid error', 'allow note'],
  );
  const junit = (await check('Enforce', '-f', '-', '-o', 'junit')).out;
  assert.match(junit, /<testsuites name="kubectl airgap check" tests="4" failures="2"/);
});

test('a run that finds nothing is a case that passed, for a document without cases fails in CI', async () => {
  const good = JSON.stringify(podOf('my-registry.local/x'));
  const { out } = await run(['check', '--policy', inside('Enforce.yaml'), '-f', '-', '-o', 'junit'], good);
  assert.match(out, /<testsuites [^>]*tests="1" failures="0"/);
  assert.match(out, /<testcase classname="check" name="nothing found: 1 images in 1 objects"\/>/);
});

test('a place in SARIF is a relative reference, whatever the file is called', async () => {
  writeFileSync(inside('a #1?.json'), JSON.stringify(podOf('evil.io/x')));
  const { out } = await check('Enforce', '-f', `${folder}/./a #1?.json`, '-o', 'sarif');
  assert.match(out, /"uri": "\/[^"]*\/a%20%231%3F\.json"/);
});

test('long reasons are wrapped into what the terminal can show', async () => {
  const narrow = (...line: readonly string[]) => run([...line, '--policy', inside('Enforce.yaml')], '', 60);
  for (const { out } of [
    await narrow('explain', 'image', 'evil.io/x'),
    await narrow('check', '-f', inside('manifests/a.yaml')),
  ])
    for (const line of out.split('\n').filter((line) => /mirror covers|to policy/.test(line)))
      assert.ok(line.length <= 60, line);
});

test('a hostile name moves no cursor', async () => {
  const hostile = workload
    .replace('evil.io/x:1', String.raw`"evil.io/\e[2J\u009b2J\u202e"`)
    .replace('name: web', String.raw`name: "w\e[1A"`);
  for (const format of ['table', 'json', 'yaml', 'sarif', 'junit']) {
    const { out } = await run(['check', '--policy', inside('Enforce.yaml'), '-f', '-', '-o', format], hostile);
    assert.ok(!isUnsafe(out), format);
  }
});
