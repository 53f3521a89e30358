import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readBundle } from '../../../shared/cert/bundle.ts';
import type { Certificate } from '../../../shared/cert/certificate.ts';
import { verifyChain } from '../../../shared/cert/chain.ts';
import { issue, type Issued } from '../../x509.ts';

const now = new Date('2026-06-01T00:00:00Z');
const years = (from: number, until: number): { from: Date; until: Date } => ({
  from: new Date(`${from}-01-01T00:00:00Z`),
  until: new Date(`${until}-01-01T00:00:00Z`),
});
const read = (...issued: Issued[]): Certificate[] => issued.flatMap(({ pem }) => readBundle(pem).certificates);
const verify = (leaf: Issued, between: Issued[], roots: Issued[]): string => {
  const [certificate] = read(leaf);
  assert.ok(certificate);
  const trust = verifyChain(certificate, read(...between), read(...roots), now);
  return trust.trusted ? 'trusted' : `${trust.why} at ${trust.at.commonName}`;
};

const root = issue({ cn: 'root', ca: true, ...years(2020, 2040) });
const middle = issue({ cn: 'middle', ca: true, by: root, ...years(2020, 2040) });
const leaf = issue({ cn: 'leaf', by: middle, ...years(2026, 2028) });

test('a path through an intermediate ends at a trusted certificate', () => {
  assert.equal(verify(leaf, [middle], [root]), 'trusted');
  assert.equal(verify(leaf, [], [middle]), 'trusted');
  assert.equal(verify(leaf, [], [leaf]), 'trusted');
});

test('what is missing or foreign is named', () => {
  assert.equal(verify(leaf, [], [root]), 'unknown-authority at leaf');
  assert.equal(
    verify(leaf, [middle], [issue({ cn: 'other', ca: true, ...years(2020, 2040) })]),
    'unknown-authority at middle',
  );
});

test('a renewed CA of the same name is told apart by its key', () => {
  const renewed = issue({ cn: 'root', ca: true, ...years(2025, 2045) });
  const [certificate] = read(issue({ cn: 'leaf', by: root, ...years(2026, 2028) }));
  assert.ok(certificate);
  const trust = verifyChain(certificate, [], read(renewed), now);
  assert.ok(!trust.trusted);
  assert.equal(trust.why, 'unknown-authority');
  assert.equal(trust.sameName?.commonName, 'root');
  assert.equal(verifyChain(certificate, [], read(renewed, root), now).trusted, true);
});

test('dates count at every step of the path', () => {
  const old = issue({ cn: 'old', by: root, ...years(2020, 2026) });
  const future = issue({ cn: 'future', by: root, ...years(2027, 2028) });
  const expiredRoot = issue({ cn: 'expired root', ca: true, ...years(2010, 2026) });
  const orphan = issue({ cn: 'orphan', by: expiredRoot, ...years(2025, 2028) });
  assert.equal(verify(old, [], [root]), 'expired at old');
  assert.equal(verify(future, [], [root]), 'not-yet-valid at future');
  assert.equal(verify(orphan, [], [expiredRoot]), 'expired at expired root');
});

test('SHA-1 counts where a signature is checked, not on a trusted root', () => {
  const old = issue({ cn: 'sha1 root', ca: true, hash: 'sha1', ...years(2015, 2040) });
  const fine = issue({ cn: 'fine', by: old, ...years(2026, 2028) });
  const weak = issue({ cn: 'weak', by: old, hash: 'sha1', ...years(2026, 2028) });
  assert.equal(verify(fine, [], [old]), 'trusted');
  assert.equal(verify(weak, [], [old]), 'weak-hash at weak');
});

test('a certificate that is no CA signs nothing', () => {
  const plain = issue({ cn: 'plain', by: root, ...years(2020, 2040) });
  const child = issue({ cn: 'child', by: plain, ...years(2026, 2028) });
  assert.equal(verify(child, [plain], [root]), 'unknown-authority at child');
});

test('a maze of cross-signed CAs ends', { timeout: 10_000 }, () => {
  const key = root.key;
  const maze = Array.from({ length: 60 }, () => issue({ cn: 'maze', ca: true, key, ...years(2020, 2040) }));
  const [first] = maze;
  assert.ok(first);
  const lost = issue({ cn: 'lost', by: first, ...years(2026, 2028) });
  assert.equal(verify(lost, maze, [issue({ cn: 'elsewhere', ca: true })]).startsWith('unknown-authority'), true);
});
