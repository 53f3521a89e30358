import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { withoutSecrets } from '../../shared/secret-text.ts';

test('credentials are replaced, and what a message is read for stays', () => {
  const cases: readonly (readonly [string, string])[] = [
    ['Get "https://robot:hunter2@r.corp/v2/": EOF', 'Get "https://[redacted]@r.corp/v2/": EOF'],
    ['https://robot:hun@ter2@r.corp/', 'https://[redacted]@r.corp/'],
    ['a-transport-of-a-long-name+https://robot:x@r', 'a-transport-of-a-long-name+https://[redacted]@r'],
    ['Authorization: Bearer abcdefgh.123', 'Authorization: Bearer [redacted]'],
    ['Authorization: Basic cm9ib3Q6aHVudGVyMg==', 'Authorization: Basic [redacted]'],
    [
      'https://s3.corp/b?X-Amz-Credential=AKIA%2F1&X-Amz-Date=1&X-Amz-Signature=00ff&response=x": dial tcp',
      'https://s3.corp/b?X-Amz-Credential=[redacted]&X-Amz-Date=1&X-Amz-Signature=[redacted]&response=x": dial tcp',
    ],
    ['https://blob.corp/c?se=2026&sig=a%2Fb%3D&sp=r', 'https://blob.corp/c?se=2026&sig=[redacted]&sp=r'],
    [`MY_${'VERY_'.repeat(10)}LONG_TOKEN=hunter2`, `MY_${'VERY_'.repeat(10)}LONG_TOKEN=[redacted]`],
    ['--password=hunter2 --user=x', '--password=[redacted] --user=x'],
    ['{"auths":{"r":{"auth":"cm9ib3Q="}}}', '{"auths":{"r":{"auth":"[redacted]"}}}'],
    ['"{\\"password\\":\\"hunter2\\"}"', '"{\\"password\\":\\"[redacted]\\"}"'],
    ['token eyJhbGciOi.eyJzdWIi.c2ln expired', 'token [redacted] expired'],
    ['-----BEGIN EC PRIVATE KEY-----\nMHc\n-----END EC PRIVATE KEY-----\nrest', '[redacted]\nrest'],
  ];
  for (const [text, expected] of cases) assert.equal(withoutSecrets(text), expected);
});

test('what only looks like a credential is left alone', () => {
  for (const text of [
    'Failed to pull image "r.corp/a@sha256:00": docker-pullable://nginx@sha256:00ff',
    'failed to authorize: failed to fetch anonymous token: Get "https://auth.docker.io/token?scope=repository%3Alibrary%2Fnginx%3Apull&service=registry.docker.io": dial tcp: lookup auth.docker.io: no such host',
    'WWW-Authenticate: Bearer realm="https://auth.corp/token"',
    'Unable to retrieve some image pull secrets (registry-login)',
    'no basic auth credentials',
    'secrets "token" not found: a=b',
  ])
    assert.equal(withoutSecrets(text), text);
});

test('twice is the same as once, and no text is read without end', () => {
  const pieces = fc.constantFrom(
    'https://',
    'u:p@',
    'Bearer ',
    'token=',
    'sig',
    '=',
    '"auth":"',
    '"',
    'eyJabcdefg',
    '.',
    'a',
    ' ',
    '[redacted]',
    '-----BEGIN PRIVATE KEY-----',
  );
  fc.assert(
    fc.property(fc.array(fc.oneof(pieces, fc.string()), { maxLength: 20 }), (parts) => {
      const once = withoutSecrets(parts.join(''));
      assert.equal(withoutSecrets(once), once);
    }),
    { numRuns: 2000 },
  );
  for (const unit of [
    'a',
    'a.',
    'https://',
    'a@',
    'eyJaaaaaaa.',
    'token',
    '"auth":',
    '-----BEGIN PRIVATE KEY-----',
    'bearer ',
  ]) {
    withoutSecrets(`=${unit.repeat((1 << 20) / unit.length)}`);
  }
});
