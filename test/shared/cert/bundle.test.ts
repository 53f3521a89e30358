import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { onlyCertificates, readBundle } from '../../../shared/cert/bundle.ts';
import { readCertificate } from '../../../shared/cert/certificate.ts';
import { pemBlocks } from '../../../shared/cert/pem.ts';
import { issue } from '../../x509.ts';

const one = issue({ cn: 'one', ca: true });
const two = issue({ cn: 'two', ca: true });

const subjects = (pem: string): string[] => readBundle(pem).certificates.map((certificate) => certificate.subject);

test('a bundle is read certificate by certificate, each once, with text and keys between them left out', () => {
  const bundle = `# corp roots\r\n${one.pem.replaceAll('\n', '\r\n')}${one.keyPem}some text\n${two.pem}${one.pem}`;
  assert.deepEqual(subjects(bundle), ['CN=one', 'CN=two']);
  assert.deepEqual(readBundle(bundle).problems, []);
});

test('a broken block costs only itself', () => {
  const broken = '-----BEGIN CERTIFICATE-----\nbm8gY2VydGlmaWNhdGU=\n-----END CERTIFICATE-----\n';
  const cut = `${one.pem.slice(0, 200)}\n`;
  assert.deepEqual(readBundle(broken + two.pem), {
    certificates: readBundle(two.pem).certificates,
    problems: ['block 1 is not a certificate'],
  });
  assert.deepEqual(subjects(cut + two.pem), ['CN=two']);
});

test('a text without a certificate says what it is instead', () => {
  const problem = (text: string): string | undefined => readBundle(text).problems[0];
  assert.equal(problem(''), 'it is empty');
  assert.equal(problem(one.keyPem), 'it holds PEM, but no certificate');
  assert.equal(problem(Buffer.from(one.pem).toString('base64')), 'it is base64 of base64: encoded once too often');
  assert.equal(problem('hello'), 'it is no PEM text');
});

test('what is kept of a text never holds its key', () => {
  const kept = onlyCertificates(one.keyPem + one.pem + one.keyPem);
  assert.ok(kept.includes(one.pem));
  assert.ok(!kept.includes('PRIVATE') && !kept.includes(one.keyPem.split('\n')[1] ?? ''));
  const hidden = '-----BEGIN CERTIFICATE-----\nhunter2\n-----END CERTIFICATE-----\n';
  assert.ok(!onlyCertificates(hidden).includes('hunter2'));
});

test('hostile texts come to an end: endless openings, endless blocks, megabytes of noise', () => {
  const openings = '-----BEGIN CERTIFICATE-----\n'.repeat(180_000);
  assert.deepEqual(subjects(`${openings}-----END CERTIFICATE-----`), []);
  assert.deepEqual(subjects(`${'-----BEGIN '.repeat(400_000)}${'-----END '.repeat(100_000)}`), []);
  assert.deepEqual(subjects(one.pem.repeat(10_000)), ['CN=one']);
  const noise = '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n'.repeat(80_000);
  assert.equal(readBundle(noise).problems.length, 5);
  assert.deepEqual(readBundle('x'.repeat(5_000_000)).problems, ['it is no PEM text']);
});

test('a bundle beyond every real one is cut, and says so', { timeout: 20_000 }, () => {
  const key = one.key;
  const many = Array.from({ length: 1001 }, (_, index) => issue({ cn: `root ${index}`, ca: true, key }).pem).join('');
  const { certificates, problems } = readBundle(many);
  assert.equal(certificates.length, 1000);
  assert.deepEqual(problems, ['only the first 1000 certificates were read']);
});

test('no bytes make the readers throw', () => {
  const der = Buffer.from(one.pem.split('\n').slice(1, -2).join(''), 'base64');
  fc.assert(fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => readCertificate(bytes) === undefined));
  fc.assert(
    fc.property(fc.nat(der.length - 1), fc.nat(255), (at, value) => {
      const changed = Uint8Array.from(der);
      changed[at] = value;
      const read = readCertificate(changed);
      assert.ok(read === undefined || read.fingerprint.length === 95);
    }),
  );
  const part = fc.constantFrom('-----BEGIN ', '-----END ', 'CERTIFICATE', '-----', '\n', 'AAAA', one.pem, two.pem);
  fc.assert(
    fc.property(fc.array(fc.oneof(part, fc.string()), { maxLength: 30 }), (parts) => {
      const text = parts.join('');
      const blocks = [...pemBlocks(text)];
      assert.ok(readBundle(text).certificates.length <= blocks.length);
      assert.deepEqual(readBundle(onlyCertificates(text)), readBundle(text));
    }),
  );
});
