import assert from 'node:assert/strict';
import { test } from 'node:test';
import { webhookCertificates } from '../../../../plugin/doctor/checks/certs-webhooks.ts';
import { issue, type Issued, type Wanted } from '../../../x509.ts';
import { backend, days, examine, tlsSecret, verdicts, webhook, webhookConfiguration, type Raws } from './examine.ts';

const ca = issue({ cn: 'hook ca', ca: true, ...days(-100, 1000) });
const names = ['DNS:hook.tools.svc'];
const leaf = (wanted: Wanted = {}): Issued => issue({ cn: 'hook', names, by: ca, ...days(-10, 300), ...wanted });

function world(
  shown: Issued,
  caBundle: string | undefined,
  more: { policy?: string; meta?: object; data?: object } = {},
): Raws {
  const policy = more.policy ?? 'Fail';
  return {
    ...backend('tools', 'hook', 'hook-tls'),
    secrets: [tlsSecret('tools', 'hook-tls', { 'tls.crt': shown.pem, 'tls.key': shown.keyPem, ...more.data })],
    validatingwebhookconfigurations: [
      webhookConfiguration(
        'hook',
        [webhook('hook.tools', 'tools/hook', caBundle, { failurePolicy: policy })],
        more.meta,
      ),
    ],
  };
}
const run = (...args: Parameters<typeof world>): string[] => verdicts(examine(webhookCertificates, world(...args)));

test('a webhook whose bundle vouches for its certificate is fine', () => {
  const row = examine(webhookCertificates, world(leaf(), ca.pem));
  assert.deepEqual([row.result, row.reason], ['ok', null]);
});

test('what is wrong between bundle and certificate is named', () => {
  assert.deepEqual(run(leaf(days(-400, -1)), ca.pem), ['webhook-cert-expired error certain']);
  assert.deepEqual(run(leaf(days(1, 400)), ca.pem), ['webhook-cert-not-yet-valid error certain']);
  assert.deepEqual(run(leaf({ hash: 'sha1' }), ca.pem), ['webhook-cert-unusable error certain']);
  assert.deepEqual(run(leaf({ names: [] }), ca.pem), ['webhook-cert-unusable error certain']);
  assert.deepEqual(run(leaf({ names: ['DNS:other.tools.svc'] }), ca.pem), ['webhook-cert-unusable error certain']);
  assert.deepEqual(run(leaf({ usages: ['client'] }), ca.pem), ['webhook-cert-unusable error certain']);
  assert.deepEqual(run(leaf(), undefined), ['webhook-ca-missing error likely']);
  assert.deepEqual(run(leaf(), 'replace me'), ['cert-unreadable error certain']);
  assert.deepEqual(run(leaf(), issue({ cn: 'foreign', ca: true, ...days(-1, 900) }).pem), [
    'webhook-ca-mismatch error certain',
  ]);
});

test('a webhook that is passed over is only a warning', () => {
  assert.deepEqual(run(leaf(days(-400, -1)), ca.pem, { policy: 'Ignore' }), ['webhook-cert-expired warning certain']);
});

test('a CA that was renewed under its old name is told, with the command that publishes the right one', () => {
  const stale = issue({ cn: 'hook ca', ca: true, ...days(-300, 700) });
  const [finding] = examine(webhookCertificates, world(leaf(), stale.pem, { data: { 'ca.crt': ca.pem } })).findings;
  assert.equal(finding?.cause, 'webhook-ca-mismatch');
  assert.match(finding.summary, /signed by another key of the same name than the CA in the caBundle of Validating/);
  assert.deepEqual(finding.remedy.slice(1), [
    `$ kubectl patch validatingwebhookconfiguration hook --type=json -p '[{"op":"add","path":"/webhooks/0/clientConfig/caBundle","value":"'"$(kubectl -n tools get secret hook-tls -o jsonpath='{.data.ca\\.crt}')"'"}]'`,
  ]);
});

test('the keeper of the Secret is who renews it', () => {
  const expired = leaf(days(-400, -1));
  const remedy = (raws: Raws): string => examine(webhookCertificates, raws).findings[0]?.remedy.join('\n') ?? '';
  const managed = world(expired, ca.pem);
  const annotations = { 'cert-manager.io/certificate-name': 'hook-cert' };
  assert.match(
    remedy({ ...managed, secrets: [tlsSecret('tools', 'hook-tls', { 'tls.crt': expired.pem }, { annotations })] }),
    /\$ cmctl renew hook-cert -n tools/,
  );
  assert.match(remedy(managed), /\$ kubectl -n tools create secret tls hook-tls /);
  const zarf: Raws = {
    ...backend('zarf', 'agent-hook', 'agent-hook-tls'),
    secrets: [
      tlsSecret('zarf', 'agent-hook-tls', {
        'tls.crt': issue({ cn: 'agent-hook.zarf.svc', names: ['DNS:agent-hook.zarf.svc'], by: ca, ...days(-400, -1) })
          .pem,
      }),
    ],
    mutatingwebhookconfigurations: [
      webhookConfiguration('zarf', [webhook('agent-pod.zarf.dev', 'zarf/agent-hook', ca.pem)]),
    ],
  };
  assert.equal(remedy(zarf), '$ zarf tools update-creds agent');
  const annotated = { annotations: { 'cert-manager.io/inject-ca-from': 'tools/hook-cert' } };
  assert.match(
    remedy(world(leaf(), undefined, { meta: annotated })),
    /rollout restart deployment cert-manager-cainjector/,
  );
});

test('without its Secret only the bundle is judged, and that is said', () => {
  const configuration = (bundle: string): Raws => ({
    validatingwebhookconfigurations: [webhookConfiguration('hook', [webhook('hook.tools', 'tools/hook', bundle)])],
  });
  const fine = examine(webhookCertificates, configuration(ca.pem));
  assert.equal(fine.result, 'ok');
  assert.match(fine.reason ?? '', /was not seen: hook\.tools\.svc/);
  const dead = issue({ cn: 'placeholder', ca: true, ...days(-900, -2) }).pem;
  assert.deepEqual(verdicts(examine(webhookCertificates, configuration(dead))), ['webhook-cert-expired error certain']);
  assert.equal(examine(webhookCertificates, configuration(dead + ca.pem)).result, 'ok');
  const near = issue({ cn: 'near', ca: true, ...days(-900, 20) }).pem;
  assert.deepEqual(verdicts(examine(webhookCertificates, configuration(near))), ['cert-expiring error certain']);
});

test('a Secret that is only chosen by its name makes the verdict likely', () => {
  const raws = world(leaf(days(-400, -1)), ca.pem);
  assert.deepEqual(verdicts(examine(webhookCertificates, { ...raws, pods: [] })), [
    'webhook-cert-expired error likely',
  ]);
});

test('webhooks of one configuration and one server are one finding', () => {
  const hooks = ['a.tools', 'b.tools', 'c.tools'].map((name) => webhook(name, 'tools/hook', ca.pem));
  const raws = {
    ...world(leaf(days(-400, -1)), ca.pem),
    validatingwebhookconfigurations: [webhookConfiguration('hook', hooks)],
  };
  const { findings } = examine(webhookCertificates, raws);
  assert.equal(findings.length, 1);
  assert.match(findings[0]?.summary ?? '', /a\.tools and 2 more of hook/);
});

test('fields of the wrong type are survived', () => {
  const odd = { metadata: 7, webhooks: [null, 'x', { clientConfig: { service: 'no', caBundle: 12 }, rules: {} }] };
  assert.equal(examine(webhookCertificates, { validatingwebhookconfigurations: [odd, {}] }).result, 'ok');
});
