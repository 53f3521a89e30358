import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import { readBundle } from '../../../shared/cert/bundle.ts';
import {
  clientAuth,
  isFor,
  mayBeUsedFor,
  serverAuth,
  signedBy,
  type Certificate,
} from '../../../shared/cert/certificate.ts';
import { issue } from '../../x509.ts';

function one(pem: string): Certificate {
  const [certificate] = readBundle(pem).certificates;
  assert.ok(certificate);
  return certificate;
}

test('a certificate is read as plain facts', () => {
  const from = new Date('2026-01-01T00:00:00Z');
  const until = new Date('2055-06-01T12:00:00Z');
  const ca = issue({ cn: 'corp root', org: 'corp', ca: true, from, until });
  const leaf = issue({ cn: 'web', names: ['DNS:web.corp', 'IP:10.0.0.1'], usages: ['server'], from, until, by: ca });
  const facts = one(leaf.pem);
  assert.equal(facts.subject, 'CN=web');
  assert.equal(facts.commonName, 'web');
  assert.equal(facts.issuer, 'O=corp, CN=corp root');
  assert.deepEqual(facts.names, ['DNS:web.corp', 'IP:10.0.0.1']);
  assert.equal(facts.notBefore, from.getTime());
  assert.equal(facts.notAfter, until.getTime());
  assert.equal(facts.ca, false);
  assert.equal(one(ca.pem).ca, true);
  assert.equal(facts.weakHash, null);
  assert.match(facts.fingerprint, /^([0-9A-F]{2}:){31}[0-9A-F]{2}$/);
  assert.ok(mayBeUsedFor(facts, serverAuth));
  assert.ok(!mayBeUsedFor(facts, clientAuth));
  assert.ok(mayBeUsedFor(one(ca.pem), clientAuth));
});

test('RSA, EC and Ed25519 keys are read alike', () => {
  assert.deepEqual(one(issue({ cn: 'a', key: 'rsa1024' }).pem).key, { type: 'rsa', bits: 1024, curve: null });
  assert.deepEqual(one(issue({ cn: 'a', key: 'ec' }).pem).key, { type: 'ec', bits: null, curve: 'prime256v1' });
  assert.deepEqual(one(issue({ cn: 'a', key: 'ed25519' }).pem).key, { type: 'ed25519', bits: null, curve: null });
});

test('a SHA-1 signature is seen, by an RSA and by an EC key', () => {
  assert.equal(one(issue({ cn: 'a', key: 'rsa1024', hash: 'sha1' }).pem).weakHash, 'SHA-1');
  assert.equal(one(issue({ cn: 'a', hash: 'sha1' }).pem).weakHash, 'SHA-1');
  assert.equal(one(issue({ cn: 'a', key: 'rsa1024' }).pem).weakHash, null);
});

test('the signature decides who signed, not the name', () => {
  for (const key of ['ec', 'rsa1024', 'ed25519'] as const) {
    const ca = issue({ cn: 'root', ca: true, key });
    const namesake = issue({ cn: 'root', ca: true, key });
    const leaf = one(issue({ cn: 'web', by: ca }).pem);
    assert.ok(signedBy(leaf, one(ca.pem)), key);
    assert.ok(!signedBy(leaf, one(namesake.pem)), key);
  }
});

test('names are matched as Go does: by SAN, with wildcards, never by CN', () => {
  const certificate = one(issue({ cn: 'legacy.corp', names: ['DNS:*.corp', 'IP:10.0.0.1'] }).pem);
  assert.ok(isFor(certificate, 'web.corp'));
  assert.ok(isFor(certificate, '10.0.0.1'));
  assert.ok(!isFor(certificate, 'a.b.corp'));
  assert.ok(!isFor(certificate, '10.0.0.2'));
  assert.ok(!isFor(one(issue({ cn: 'legacy.corp' }).pem), 'legacy.corp'));
});

test('what the test makes is what openssl reads', { timeout: 10_000 }, () => {
  const { pem } = issue({ cn: 'web', names: ['DNS:web.corp'], from: new Date('2026-01-02T03:04:05Z') });
  const text = execFileSync('openssl', ['x509', '-noout', '-text'], { input: pem, encoding: 'utf8' });
  assert.match(text, /Not Before: Jan {2}2 03:04:05 2026 GMT/);
  assert.match(text, /DNS:web\.corp/);
});
