import assert from 'node:assert/strict';
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { transformSync } from 'esbuild';
import { pages } from '../../plugin/render/pages.ts';

const root = path.resolve(import.meta.dirname, '../..');
const program = path.join(root, 'dist/kubectl-airgap.mjs');

test('the built program answers --help and version with what the sources say', () => {
  const { version, help } = pages();
  assert.equal(execFileSync(program, ['version'], { encoding: 'utf8' }), `${version}\n`);
  for (const [words, page] of Object.entries(help)) {
    const line = words === '' ? [] : words.split(' ');
    assert.equal(execFileSync(program, [...line, '--help'], { encoding: 'utf8' }), page, words);
  }
});

test('the folder dist is all that a machine needs', () => {
  const elsewhere = mkdtempSync(path.join(tmpdir(), 'airgap-dist-'));
  try {
    cpSync(path.join(root, 'dist'), path.join(elsewhere, 'dist'), { recursive: true });
    const onPath = path.join(elsewhere, 'kubectl-airgap');
    symlinkSync('dist/kubectl-airgap.mjs', onPath);
    const read = ['doctor', 'egress', '--from', path.join(root, 'examples/broken-cluster'), '-o', 'json'];
    assert.match(execFileSync(onPath, read, { encoding: 'utf8', cwd: elsewhere }), /"kind": "DoctorReport"/);
    assert.match(execFileSync(onPath, ['--help'], { encoding: 'utf8', cwd: elsewhere }), /^Diagnosis, image policy/);
  } finally {
    rmSync(elsewhere, { recursive: true });
  }
});

test('what starts is readable for Node from release 14 on, so that it can say that it is too old', () => {
  for (const file of ['kubectl-airgap.mjs', 'kubectl_complete-airgap.mjs']) {
    assert.ok((statSync(path.join(root, 'dist', file)).mode & 0o111) !== 0, `${file} can be executed`);
    assert.match(readFileSync(path.join(root, 'dist', file), 'utf8'), /^#!\/usr\/bin\/env node\n/);
  }
  const text = readFileSync(program, 'utf8');
  assert.doesNotMatch(text, /import[^('"]*['"]node:/, 'a static import of a module of Node');
  const [, chunk] = /import"\.\/(chunks\/[^"]+)"/.exec(text) ?? [];
  for (const source of [text, ...(chunk === undefined ? [] : [readFileSync(path.join(root, 'dist', chunk), 'utf8')])]) {
    const code = (target: string): string => transformSync(source, { target, format: 'esm' }).code;
    assert.equal(code('node14'), code('esnext'), 'syntax that is newer than Node 14');
  }
  const floor = /var floor=\[(\d+),(\d+)\]/.exec(text);
  const { engines } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as {
    engines: { node: string };
  };
  assert.equal(`>=${floor?.[1]}.${floor?.[2]}`, engines.node);
});

test('an old Node is told so in one line', () => {
  const line = `Object.defineProperty(process.versions, 'node', { value: '20.20.2' }); process.getBuiltinModule = undefined;`;
  const old = spawnSync(
    process.execPath,
    ['--import', `data:text/javascript,${encodeURIComponent(line)}`, program, 'doctor'],
    {
      encoding: 'utf8',
    },
  );
  assert.equal(old.stderr, 'kubectl airgap needs Node 22.19 or newer; this is Node 20.20.2.\n');
  assert.equal(old.status, 2);
});

test('a reader that has seen enough is no error', () => {
  for (const line of ['explain', '--help', 'explain -o json'])
    assert.deepEqual(
      spawnSync('bash', ['-c', `"$0" ${line} | head -1 >/dev/null; echo "\${PIPESTATUS[0]}"`, program], {
        encoding: 'utf8',
      }).stderr,
      '',
    );
});

test('a folder whose name begins with a dash is no flag of the program that renders it', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'airgap-test-'));
  try {
    const chart = path.join(folder, '--post-renderer=.', 'evil');
    mkdirSync(chart, { recursive: true });
    mkdirSync(path.join(folder, 'bin'));
    writeFileSync(path.join(chart, 'Chart.yaml'), 'name: evil\n');
    writeFileSync(
      path.join(folder, 'policy.yaml'),
      '{apiVersion: airgap.dev/v1alpha1, kind: AirgapPolicy, metadata: {name: a}, spec: {}}',
    );
    writeFileSync(path.join(folder, 'bin/helm'), '#!/bin/sh\nprintf "%s\\n" "$@" >&2\nexit 1\n', { mode: 0o755 });
    const { status, stderr } = spawnSync(program, ['check', '--policy', 'policy.yaml', '-f', '.'], {
      cwd: folder,
      encoding: 'utf8',
      env: { ...process.env, PATH: `${path.join(folder, 'bin')}:${process.env['PATH']}` },
    });
    assert.equal(status, 2);
    assert.match(stderr, /^\.\/--post-renderer=\.\/evil$/m);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('Ctrl-C ends it at once, in one line, with the exit code of an interrupted program', async () => {
  const server = createServer(() => undefined).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  const child = spawn(program, ['doctor', '--server', `http://127.0.0.1:${port}`], {
    env: { ...process.env, KUBECONFIG: '/dev/null' },
  });
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
  await new Promise((resolve) => server.once('connection', resolve));
  child.kill('SIGINT');
  const code = await new Promise((resolve) => child.once('close', resolve));
  server.closeAllConnections();
  server.close();
  assert.equal(said, 'Interrupted.\n');
  assert.equal(code, 130);
});
