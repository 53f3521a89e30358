import assert from 'node:assert/strict';
import path from 'node:path';
import { test } from 'node:test';
import { nearest } from '../../../plugin/nearest.ts';
import { run } from './run.ts';
import { assertFits } from '../../schema.ts';

test('what is mistyped gets one sentence, the nearest match and exit code 2', async () => {
  const cases: [string[], string, string][] = [
    [['docter'], 'There is no command "docter".', 'Did you mean "doctor"?'],
    [['frobnicate'], 'There is no command "frobnicate".', 'Run kubectl airgap --help for what there is.'],
    [['doctor', 'pull'], 'There is no category "pull" in kubectl airgap doctor.', 'Did you mean "pulls"?'],
    [['doctor', '--form', 'x'], 'There is no flag "--form" in kubectl airgap doctor.', 'Did you mean "--from"?'],
    [['doctor', 'nodes'], 'There is no category "nodes" in kubectl airgap doctor.', 'Choose pulls, certs, rbac,'],
    [['--contxt', 'x'], 'There is no flag "--contxt".', 'Run kubectl airgap --help for what there is.'],
    [['--hlep'], 'There is no flag "--hlep".', 'Did you mean "--help"?'],
    [['doctor', '-z'], 'There is no flag "-z" in kubectl airgap doctor.', ''],
    [['doctor', '--output', 'jsn'], '"jsn" is no value for --output of kubectl airgap doctor.', 'Did you mean "json"?'],
    [['doctor', '-ojsn'], '"jsn" is no value for --output of kubectl airgap doctor.', 'Did you mean "json"?'],
    [['doctor', '--from'], 'The flag --from needs a value.', 'Write --from PATH.'],
    [['doctor', '--from='], 'The flag --from needs a value.', 'Write --from PATH.'],
    [['doctor', '--check', 'AG-RBC-0001'], 'There is no check "AG-RBC-0001".', 'Did you mean "AG-RBC-001"?'],
    [['doctor', '--from', '.', '--now', '12'], '"12" is no time.', 'Write it as'],
    [['version', 'x'], 'kubectl airgap version takes no argument, but got "x".', 'Run kubectl airgap version --help'],
    [['explain', 'a', 'b'], 'kubectl airgap explain takes one id, but got 2.', 'Run kubectl airgap explain --help'],
    [['explain', 'tls-expird'], 'There is no check and no cause "tls-expird".', ''],
    [['help', 'doctr'], 'There is no command "doctr".', 'Did you mean "doctor"?'],
  ];
  for (const [line, sentence, hint] of cases) {
    const { code, out, err } = await run(line);
    const [first, second = ''] = err.trimEnd().split('\n');
    assert.equal(first, `error: ${sentence}`);
    assert.ok(second.startsWith(hint), `${line.join(' ')}: ${second}`);
    assert.equal(err.trimEnd().split('\n').length, 2, err);
    assert.equal(out, '');
    assert.equal(code, 2);
  }
});

test('help is printed wherever it is asked for', async () => {
  const page = (await run(['doctor', '--help'])).out;
  assert.match(page, /^Examine a cluster/);
  for (const line of [
    ['doctor', '-h'],
    ['help', 'doctor'],
    ['doctor', 'pulls', '--help'],
    ['doctor', '--help', '--frm'],
  ])
    assert.deepEqual(await run(line), { code: 0, out: page, err: '' });
  assert.deepEqual(await run([]), await run(['--help']));
  assert.deepEqual(await run(['--version']), await run(['version']));
});

test('flags are read as kubectl reads them', async () => {
  const rules = async (...line: string[]): Promise<string> => (await run(['doctor', '--print-rbac', ...line])).out;
  const inShop = await rules('rbac', '-n', 'shop');
  assert.match(inShop, /namespace: shop/);
  for (const line of [
    ['-nshop'],
    ['-n=shop'],
    ['--namespace', 'shop'],
    ['--namespace=shop'],
    ['-n', 'x', '-n', 'shop'],
  ])
    assert.equal(await rules('rbac', ...line), inShop, line.join(' '));
  assert.equal(await rules('rbac', '-n', 'shop', '-A'), await rules('rbac'));
  assert.equal(
    await rules('--check', 'AG-RBC-001,AG-RBC-002'),
    await rules('--check', 'AG-RBC-001', '--check', 'AG-RBC-002'),
  );
});

test('--color has the last word on colour, and is refused where it makes no sense', async () => {
  const line = ['doctor', 'rbac', '--from', path.resolve(import.meta.dirname, '../../../examples/broken-cluster')];
  assert.ok((await run([...line, '--color', 'always'])).out.includes('\u001B['));
  for (const choice of ['never', 'auto']) assert.ok(!(await run([...line, '--color', choice])).out.includes('\u001B['));
  assert.ok(!(await run([...line, '-o', 'json', '--color', 'always'])).out.includes('\u001B['));
  assert.equal((await run([...line, '--color', 'some'])).code, 2);
});

test('what decides the exit code of doctor', async () => {
  const example = path.resolve(import.meta.dirname, '../../../examples/broken-cluster');
  const code = async (...line: string[]): Promise<number> => (await run(['doctor', '--from', example, ...line])).code;
  assert.equal(await code('rbac'), 1);
  assert.equal(await code('rbac', '--fail-on', 'never'), 0);
  assert.equal(await code('--check', 'AG-RBC-001'), 0);
  assert.equal(await code('--check', 'AG-RBC-001', '--fail-on', 'warning'), 1);
  assert.equal(await code('--check', 'AG-RBC-003', '--fail-on', 'warning'), 0);
  assert.equal(await code('--check', 'AG-MIR-001'), 3);
  assert.equal((await run(['doctor', '--from', '/nonexistent'])).code, 2);
  assert.equal((await run(['doctor', '--server', 'http://127.0.0.1:1'])).code, 3);
});

test('the report of a real recording fits its schema, byte for byte the same each time', async () => {
  const example = path.resolve(import.meta.dirname, '../../../examples/broken-cluster');
  const line = ['doctor', '--from', example, '-o', 'json'];
  const { out } = await run(line);
  assertFits('plugin/doctor/report.schema.json', JSON.parse(out));
  assert.equal((await run(line)).out, out);
});

test('a candidate is near when few letters differ or it begins with what was typed', () => {
  const words = ['doctor', 'dump', 'explain', 'version'];
  assert.equal(nearest('expl', words), 'explain');
  assert.equal(nearest('dcotor', words), 'doctor');
  assert.equal(nearest('VERSION', words), 'version');
  assert.equal(nearest('x', words), undefined);
  assert.equal(nearest('mirror', words), undefined);
  assert.equal(nearest('anything', []), undefined);
});
