import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { explanations } from '../../../plugin/doctor/explanation.ts';
import { golden } from '../golden.ts';
import { run } from './run.ts';

const schema = path.resolve(import.meta.dirname, '../../../plugin/doctor/explanation.schema.json');
const validate = new Ajv2020().compile(JSON.parse(readFileSync(schema, 'utf8')) as object);

test('every check and every cause is explained, in text and in JSON that fits its schema', async () => {
  assert.ok(explanations().length > 10);
  for (const one of explanations()) {
    const { code, out } = await run(['explain', one.id]);
    assert.equal(code, 0);
    assert.ok(out.startsWith(one.id) && out.includes('What it means'), one.id);
    assert.ok(validate(one), `${one.id}: ${JSON.stringify(validate.errors)}`);
    assert.ok(!/https?:\/\/(?!HOST|\[)/i.test(one.explanation), `${one.id} sends a reader without a network to a URL`);
  }
});

test('ids are unique, and letters may be written either way', async () => {
  const ids = explanations().map(({ id }) => id.toLowerCase());
  assert.equal(new Set(ids).size, ids.length);
  assert.deepEqual(await run(['explain', 'ag-rbc-001']), await run(['explain', 'AG-RBC-001']));
});

test('the list names them all', async () => {
  const { out } = await run(['explain']);
  for (const { id } of explanations()) assert.ok(out.includes(`\n${id} `), id);
  const { items } = JSON.parse((await run(['explain', '-o', 'json'])).out) as { items: unknown[] };
  assert.equal(items.length, explanations().length);
});

test('an explanation looks as it was looked at', async () => {
  golden('explain/rbac-role-missing.txt', (await run(['explain', 'rbac-role-missing'])).out);
  golden('explain/AG-RBC-001.txt', (await run(['explain', 'AG-RBC-001'])).out);
});
