import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openWire } from '../../../plugin/registry/wire.ts';
import { issue } from '../../x509.ts';

test('what wires trust is read once for all that name the same authorities', () => {
  const [{ pem: one }, { pem: other }] = [issue({ cn: 'one', ca: true }), issue({ cn: 'other', ca: true })];
  const context = (ca?: string): unknown => openWire(ca === undefined ? {} : { ca }).trust.context();
  assert.equal(context(one), context(one));
  assert.equal(context(), context());
  assert.equal(new Set([context(), context(one), context(other)]).size, 3);
  assert.ok(openWire({ ca: one }).trust.authorities().includes(one.trim()));
  assert.ok(!openWire({ ca: other }).trust.authorities().includes(one.trim()));
});
