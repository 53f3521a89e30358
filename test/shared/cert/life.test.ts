import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Certificate } from '../../../shared/cert/certificate.ts';
import { lifeOf, plainDuration, plainTime, type Renewal, type Stage } from '../../../shared/cert/life.ts';

const day = 86_400_000;
const now = new Date('2026-06-01T00:00:00Z');

/** A certificate of so many days, of which so many are left. */
function lasting(days: number, left: number, ca = false): Certificate {
  const notAfter = now.getTime() + left * day;
  return { notAfter, notBefore: notAfter - days * day, ca } as Certificate;
}

const table: readonly [days: number, left: number, ca: boolean, renewal: Renewal, stage: Stage][] = [
  [7, 3, false, 'by-hand', 'fresh'],
  [7, 1.5, false, 'by-hand', 'expiring'],
  [7, 0.6, false, 'by-hand', 'expiring-soon'],
  [375, 70, false, 'by-hand', 'fresh'],
  [375, 59, false, 'by-hand', 'expiring'],
  [375, 6, false, 'by-hand', 'expiring-soon'],
  [3650, 200, true, 'by-hand', 'fresh'],
  [3650, 170, true, 'by-hand', 'expiring'],
  [3650, 20, true, 'by-hand', 'expiring-soon'],
  [365, 50, false, 'automatic', 'fresh'],
  [365, 30, false, 'automatic', 'expiring'],
  [365, 5, false, 'automatic', 'expiring-soon'],
  [365, -0.1, false, 'by-hand', 'expired'],
  [10, 11, false, 'by-hand', 'not-yet-valid'],
];

test('limits follow the length of the life and who renews', () => {
  for (const [days, left, ca, renewal, stage] of table)
    assert.equal(lifeOf(lasting(days, left, ca), now, renewal).stage, stage, `${left} of ${days} days, ${renewal}`);
});

test('the part of its life that is left', () => {
  assert.equal(lifeOf(lasting(100, 25), now).fraction, 0.25);
  assert.equal(lifeOf(lasting(100, -3), now).fraction, 0);
});

test('a date that no calendar has is not fresh', () => {
  const broken = { notAfter: Number.NaN, notBefore: Number.NaN, ca: false } as Certificate;
  assert.equal(lifeOf(broken, now).stage, 'expired');
});

test('times are said in plain words', () => {
  assert.equal(plainDuration(9.9 * day), '9 days');
  assert.equal(plainDuration(1.5 * day), '36 hours');
  assert.equal(plainDuration(3_600_000), '1 hour');
  assert.equal(plainDuration(-150_000), '2 minutes');
  assert.equal(plainDuration(1000), '1 second');
  assert.equal(plainTime(now.getTime()), '2026-06-01T00:00:00Z');
  assert.equal(plainTime(Number.NaN), 'an unreadable date');
});
