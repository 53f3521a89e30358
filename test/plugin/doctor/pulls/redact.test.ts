import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { redact } from '../../../../plugin/doctor/pulls/redact.ts';

const cases: readonly (readonly [title: string, message: string, expected: string])[] = [
  [
    'a login in a URL',
    'Get "https://puller:s3cret@registry.example.com/v2/": EOF',
    'Get "https://REDACTED@registry.example.com/v2/": EOF',
  ],
  [
    'a proxy with a login',
    'proxyconnect tcp: parse "http://user:p%40ss@proxy:port"',
    'proxyconnect tcp: parse "http://REDACTED@proxy:port"',
  ],
  [
    'a presigned download',
    'Get "https://blobs.example.net/data?X-Amz-Credential=AKIA%2F2026&X-Amz-Signature=abc123": EOF',
    'Get "https://blobs.example.net/data?X-Amz-Credential=REDACTED&X-Amz-Signature=REDACTED": EOF',
  ],
  [
    'what a token was asked for stays',
    'https://auth.example.com/token?account=puller&scope=repository%3Ateam%2Fapp%3Apull&service=registry.example.com',
    'https://auth.example.com/token?account=REDACTED&scope=repository%3Ateam%2Fapp%3Apull&service=registry.example.com',
  ],
  [
    'the namespace of a mirror stays',
    'https://mirror.internal/v2/a/manifests/1?ns=docker.io',
    'https://mirror.internal/v2/a/manifests/1?ns=docker.io',
  ],
  [
    'a bearer token',
    'request with Authorization: Bearer eyJhbGciOi.J9.abc failed',
    'request with Authorization: Bearer REDACTED failed',
  ],
  ['basic credentials', 'Authorization: Basic dXNlcjpwYXNz', 'Authorization: Basic REDACTED'],
  ['a token in an answer', 'body {"token":"eyJhbGciOi","expires_in":60}', 'body {"token":"REDACTED","expires_in":60}'],
  [
    'a password in a text',
    'login failed for password=hunter22, try again',
    'login failed for password=REDACTED, try again',
  ],
  [
    'an error chain is no secret',
    'failed to fetch oauth token: unexpected EOF',
    'failed to fetch oauth token: unexpected EOF',
  ],
  [
    'a digest with an at sign is no login',
    'registry.example.com/app@sha256:2c26b46b',
    'registry.example.com/app@sha256:2c26b46b',
  ],
  ['an empty text', '', ''],
];

for (const [title, message, expected] of cases)
  test(`redact: ${title}`, () => {
    assert.equal(redact(message), expected);
  });

test('no password of a URL survives, whatever it is made of', () => {
  const safe = fc.stringMatching(/^[A-Za-z0-9!$&*+,;=._~%-]{6,40}$/);
  fc.assert(
    fc.property(safe, safe, (user, password) => {
      fc.pre(!'https://@registry.example.com/v2/: REDACTED EOF'.includes(password));
      assert.ok(!redact(`Get "https://${user}:${password}@registry.example.com/v2/": EOF`).includes(password));
    }),
  );
});

test('to redact twice changes nothing more', () => {
  fc.assert(fc.property(fc.string({ maxLength: 200 }), (text) => assert.equal(redact(redact(text)), redact(text))));
});
