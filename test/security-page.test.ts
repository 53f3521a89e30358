import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { checks } from '../plugin/doctor/checks/index.ts';
import { leastRole } from '../plugin/doctor/least-role.ts';
import { installObjects } from '../plugin/install/objects.ts';
import { array, record, texts } from '../shared/kube/json.ts';

const page = readFileSync(path.resolve(import.meta.dirname, '../SECURITY.md'), 'utf8');
const objects = installObjects({ image: 'r.local/airgap-webhook:1', namespace: 'airgap-system', pullSecrets: [] });

test('the page of the rights of the webhook is what is installed, no more and no less', () => {
  const rows = objects
    .filter(({ kind }) => kind === 'ClusterRole' || kind === 'Role')
    .flatMap((role) =>
      array(role['rules']).map((raw) => {
        const rule = record(raw);
        const resources = texts(rule['resources']).map((name) => `\`${name}\``);
        const [name] = texts(rule['resourceNames']);
        const where = role.kind === 'Role' ? ', in its namespace' : '';
        return `| ${resources.join(', ')}${name === undefined ? '' : ` named \`${name}\``}${where} | ${texts(rule['verbs']).join(', ')} |`;
      }),
    );
  const table = /\| resource \| verbs \|\n.*\n((?:\|.*\n)+)/.exec(page)?.[1]?.trimEnd().split('\n');
  assert.deepEqual(table, rows);
});

test('doctor only lists, and gets what every user may', () => {
  const [role] = leastRole(checks);
  const rules = array(record(role)['rules']).map(record);
  assert.ok(rules.length > 5);
  for (const rule of rules)
    assert.deepEqual(
      texts(rule['verbs']),
      texts(rule['nonResourceURLs']).length > 0 ? ['get'] : ['list'],
      JSON.stringify(rule),
    );
});

test('the webhook is confined as the page says', () => {
  const deployment = objects.find(({ kind }) => kind === 'Deployment');
  const pod = record(record(record(record(deployment)['spec'])['template'])['spec']);
  const [container] = array(pod['containers']).map(record);
  assert.deepEqual(container?.['securityContext'], {
    allowPrivilegeEscalation: false,
    readOnlyRootFilesystem: true,
    capabilities: { drop: ['ALL'] },
  });
  const { runAsNonRoot, runAsUser } = record(pod['securityContext']);
  assert.deepEqual([runAsNonRoot, runAsUser], [true, 65_532]);
  assert.match(JSON.stringify(pod['volumes']), /"serviceAccountToken":\{"path":"token","expirationSeconds":3600\}/);
  const namespace = objects.find(({ kind }) => kind === 'Namespace');
  assert.equal(record(namespace?.metadata['labels'])['pod-security.kubernetes.io/enforce'], 'restricted');
});
