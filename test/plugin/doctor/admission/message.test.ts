import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { readFailedCalls } from '../../../../plugin/doctor/admission/webhook-message.ts';
import { families, type CauseId } from '../../../../plugin/doctor/causes/ids.ts';
import { causes } from '../../../../plugin/doctor/causes/index.ts';

const url = 'https://hook.tools.svc:443/validate?timeout=10s';
const tails: readonly [string, CauseId][] = [
  [
    'x509: certificate has expired or is not yet valid: current time 2026-02-04T09:00:00Z is after 2026-01-20T00:00:00Z',
    'webhook-cert-expired',
  ],
  [
    'x509: certificate has expired or is not yet valid: current time 2026-02-04T09:00:00Z is before 2026-02-04T15:00:00Z',
    'webhook-cert-not-yet-valid',
  ],
  ['x509: certificate has expired or is not yet valid', 'webhook-cert-expired'],
  [
    'tls: failed to verify certificate: x509: certificate signed by unknown authority (possibly because of "x509: ECDSA verification failure" while trying to verify candidate authority certificate "ca")',
    'webhook-ca-mismatch',
  ],
  [
    'x509: certificate relies on legacy Common Name field, use SANs or temporarily enable Common Name matching with GODEBUG=x509ignoreCN=0',
    'webhook-cert-unusable',
  ],
  ['x509: certificate is valid for a.b, not hook.tools.svc', 'webhook-cert-unusable'],
  ['x509: cannot verify signature: insecure algorithm SHA1-RSA', 'webhook-cert-unusable'],
  [
    'tls: failed to verify certificate: x509: certificate signed by unknown authority (possibly because of "x509: cannot verify signature: insecure algorithm SHA1-RSA" while trying to verify candidate authority certificate "ca")',
    'webhook-cert-unusable',
  ],
  ['x509: certificate specifies an incompatible key usage', 'webhook-cert-unusable'],
  ['no endpoints available for service "hook"', 'webhook-no-endpoints'],
  ['service "hook" not found', 'webhook-service-missing'],
  ['no service port 8443 found for service "hook"', 'webhook-service-missing'],
  ['cannot route to service with ClusterIP "None"', 'webhook-unreachable'],
  ['dial tcp 10.96.18.7:443: connect: connection refused', 'webhook-refused'],
  ['context deadline exceeded', 'webhook-timeout'],
  [
    'net/http: request canceled while waiting for connection (Client.Timeout exceeded while awaiting headers)',
    'webhook-timeout',
  ],
  ['dial tcp 10.0.0.7:8443: i/o timeout', 'webhook-timeout'],
  ['dial tcp 10.0.0.7:8443: connect: no route to host', 'webhook-unreachable'],
  ['dial tcp: lookup hook.tools.svc on 192.0.2.53:53: no such host', 'webhook-unreachable'],
  ['EOF', 'webhook-unreachable'],
  ['http: server gave HTTP response to HTTPS client', 'webhook-error'],
  ['expected webhook response of admission.k8s.io/v1, Kind=AdmissionReview, got /, Kind=', 'webhook-error'],
];

test('every tail is classified, with quoted URLs and with bare ones', () => {
  for (const [tail, cause] of tails)
    for (const message of [
      `Error creating: Internal error occurred: failed calling webhook "hook.tools": failed to call webhook: Post "${url}": ${tail}`,
      `Internal error occurred: failed calling webhook "hook.tools": Post ${url}: ${tail}`,
    ]) {
      const [call, ...more] = readFailedCalls(message);
      assert.deepEqual(more, []);
      assert.deepEqual(
        call,
        {
          cause,
          name: 'hook.tools',
          conversion: false,
          address: 'hook.tools.svc',
          service: { namespace: 'tools', name: 'hook', port: '443' },
          reason: tail,
        },
        message,
      );
    }
});

test('a call without a URL, of a conversion, and one that was passed over', () => {
  const [direct] = readFailedCalls('failed calling webhook "a.b": the server could not find the requested resource');
  assert.deepEqual(direct, {
    cause: 'webhook-error',
    name: 'a.b',
    conversion: false,
    address: '',
    reason: 'the server could not find the requested resource',
  });
  const [bundle] = readFailedCalls(
    'failed calling webhook "a.b": failed to call webhook: unable to load root certificates: unable to parse bytes as PEM block',
  );
  assert.equal(bundle?.cause, 'cert-unreadable');
  const [conversion] = readFailedCalls(
    `conversion webhook for metallb.io/v1beta1, Kind=AddressPool failed: Post "${url}": EOF`,
  );
  assert.deepEqual(
    [conversion?.cause, conversion?.name, conversion?.service?.name],
    ['conversion-webhook', 'metallb.io/v1beta1, Kind=AddressPool', 'hook'],
  );
  const open = readFailedCalls(
    `Failed calling webhook, failing open a.b: failed calling webhook "a.b": failed to call webhook: Post "${url}": no endpoints available for service "hook"`,
  );
  assert.deepEqual(
    open.map(({ cause }) => cause),
    ['webhook-failed-open'],
  );
});

test('the example of each cause has that cause', () => {
  for (const id of [...families.admission, 'conversion-webhook'] as const) {
    const { example } = causes[id];
    if (example !== undefined)
      assert.deepEqual(
        readFailedCalls(example).map(({ cause }) => cause),
        [id],
      );
  }
});

test('what a webhook said itself is no failed call', () => {
  for (const message of [
    'admission webhook "a.b" denied the request: x509: certificate signed by unknown authority',
    'Failed to pull image "x": x509: certificate signed by unknown authority',
    '',
  ])
    assert.deepEqual(readFailedCalls(message), []);
});

test('no text makes it throw or slow', () => {
  const part = fc.constantFrom(
    'failed calling webhook "',
    '": ',
    'failing open ',
    'Post "https://a.b.svc:443',
    'conversion webhook for ',
    ' failed: ',
    'x509: ',
    '\n',
    '"',
  );
  fc.assert(
    fc.property(fc.array(fc.oneof(part, fc.string()), { maxLength: 40 }), (parts) => {
      for (const call of readFailedCalls(parts.join(''))) assert.ok(call.reason.length <= 500 && call.cause in causes);
    }),
  );
  readFailedCalls('failed calling webhook "'.repeat(400_000));
  readFailedCalls('conversion webhook for '.repeat(400_000));
  readFailedCalls(`failed calling webhook "a": Post "https://${'a'.repeat(10_000_000)}`);
});
