import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stripVTControlCharacters } from 'node:util';
import { parse } from 'yaml';
import { formatNames, formats, type FormatName } from '../../../plugin/render/index.ts';
import type { Terminal } from '../../../plugin/render/terminal.ts';
import { golden } from '../golden.ts';
import { sample } from './sample.ts';
import { schemaIn } from '../../schema.ts';

const plain: Terminal = { width: 80, colour: false, unicode: true };

async function print(name: FormatName, terminal: Partial<Terminal> = {}): Promise<string> {
  return (await formats[name]())(sample, { terminal: { ...plain, ...terminal }, exitCode: 1 });
}

for (const name of formatNames)
  test(`${name} is laid out as it was looked at`, async () => {
    golden(`doctor/${name}.txt`, await print(name));
  });

test('a wide terminal gets longer lines', async () => {
  golden('doctor/table-160.txt', await print('table', { width: 160 }));
});

test('a terminal without UTF-8 gets ASCII for everything that is ours', async () => {
  const text = await print('table', { unicode: false });
  golden('doctor/table-ascii.txt', text);
  assert.doesNotMatch(text, /[^\n\u0020-\u007E]/);
});

test('colour changes nothing but the colour', async () => {
  for (const name of formatNames) {
    const coloured = await print(name, { colour: true });
    assert.equal(stripVTControlCharacters(coloured), await print(name), name);
    const machine = name === 'json' || name === 'yaml' || name === 'junit';
    assert.equal(coloured.includes('\u001B['), !machine, name);
  }
});

test('no format hands control characters of the cluster to the terminal', async () => {
  for (const name of formatNames)
    // oxlint-disable-next-line no-control-regex
    assert.doesNotMatch(await print(name), /[\u0000-\u0008\u000B-\u001F\u007F-\u009F\u202A-\u202E]/, name);
});

test('a command is printed whole on a line of its own, however narrow the terminal', async () => {
  const lines = (await print('table', { width: 40 })).split('\n');
  for (const check of sample.categories.flatMap(({ checks }) => checks))
    for (const step of check.findings.flatMap(({ remedy }) => remedy))
      if (step.startsWith('$ '))
        for (const line of step.slice(2).split('\n'))
          assert.ok(
            lines.some((printed) => printed.trimStart() === line),
            line,
          );
});

test('a heredoc starts in the first column, where its end is looked for', async () => {
  const lines = (await print('table')).split('\n');
  assert.ok(lines.includes('EOF'));
});

test('prose never goes beyond the width of the terminal', async () => {
  const commands = new Set(
    sample.categories
      .flatMap(({ checks }) => checks)
      .flatMap(({ findings }) => findings)
      .flatMap(({ remedy }) => remedy)
      .filter((step) => step.startsWith('$ '))
      .flatMap((step) => step.slice(2).split('\n')),
  );
  for (const width of [50, 80, 160])
    for (const line of (await print('table', { width })).split('\n'))
      if (line.length > width) assert.ok(commands.has(line.trim()) || !line.trim().includes(' '), `${width}: ${line}`);
});

test('json and yaml are the report itself', async () => {
  assert.deepEqual(JSON.parse(await print('json')), sample);
  assert.deepEqual(parse(await print('yaml')), sample);
});

test('the report fits its JSON Schema, and a wrong one does not', () => {
  const validate = schemaIn('plugin/doctor/report.schema.json');
  assert.ok(validate(sample), JSON.stringify(validate.errors));
  assert.ok(!validate({ ...sample, kind: 'Report' }));
  assert.ok(!validate({ ...sample, more: 1 }));
  assert.ok(!validate({ ...sample, summary: { ...sample.summary, ok: -1 } }));
});
