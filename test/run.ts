// Runs the tests: `node test/run.ts [GROUP…]`. Every group when none is named. The last line is the sum of all of them.
import { globSync, statSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { run } from 'node:test';
import type { EventData } from 'node:test';
import { spawn, spawnSync } from 'node:child_process';

const root = path.resolve(import.meta.dirname, '..');

interface Group {
  readonly name: string;
  readonly files: readonly string[];
  /** Files that start clusters or change the process get one of their own, one after the other. */
  readonly apart: boolean;
}

interface Sum {
  readonly passed: number;
  readonly failed: number;
}

/** Into how many processes the unit tests are dealt; each loads most of the program, so more of them cost more than they bring. */
const shares = 2;
/** Which share this process runs. */
const share = process.env['TEST_SHARE'];

const groups: readonly Group[] = [
  { name: 'unit', files: ['test/*.test.ts', 'test/{shared,plugin,webhook,property}/**/*.test.ts'], apart: false },
  { name: 'built', files: ['test/built/**/*.test.ts'], apart: true },
  { name: 'shell', files: ['test/shell/**/*.test.ts'], apart: true },
  { name: 'serving', files: ['test/serving/**/*.test.ts'], apart: true },
  { name: 'fuzz', files: ['test/fuzz/**/*.test.ts'], apart: true },
  { name: 'oracle', files: ['test/oracle/**/*.test.ts'], apart: true },
  { name: 'supply', files: ['test/supply/**/*.test.ts'], apart: true },
  { name: 'cluster', files: ['test/cluster/**/*.test.ts'], apart: true },
];

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !groups.some((group) => group.name === name));
if (unknown.length > 0) {
  console.error(`There is no group ${unknown.join(', ')}; there are ${groups.map(({ name }) => name).join(', ')}.`);
  process.exit(2);
}

// Not awaited here: tests of this process start only when its main module has been read to the end.
void main();

async function main(): Promise<void> {
  let passed = 0;
  let failed = 0;
  for (const group of groups.filter(({ name }) => asked.length === 0 || asked.includes(name))) {
    if (group.name === 'built') buildPrograms();
    const sum = await (group.apart || share !== undefined ? runGroup(group) : runShares(group));
    passed += sum.passed;
    failed += sum.failed;
  }
  console.log(`${passed} passed, ${failed} failed`);
  // Handles that a test left open must not hold up the verdict.
  process.exit(failed > 0 || passed === 0 ? 1 : 0);
}

function buildPrograms(): void {
  const built = spawnSync(process.execPath, ['build.ts', '--if-stale'], { cwd: root, stdio: 'inherit' });
  if (built.status !== 0) process.exit(1);
}

async function runShares({ name }: Group): Promise<Sum> {
  const started = performance.now();
  const sums = await Promise.all(Array.from({ length: shares }, (_, index) => runShare(name, index)));
  const sum = { passed: 0, failed: 0 };
  for (const { passed, failed } of sums) {
    sum.passed += passed;
    sum.failed += failed;
  }
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  console.log(`${name}: ${sum.passed} passed, ${sum.failed} failed in ${seconds} s`);
  return sum;
}

function runShare(name: string, index: number): Promise<Sum> {
  const child = spawn(process.execPath, [import.meta.filename, name], {
    cwd: root,
    // Types are stripped and modules compiled once, not by every process of every run.
    env: { NODE_COMPILE_CACHE: path.join(root, 'node_modules/.cache/tests'), ...process.env, TEST_SHARE: `${index}` },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let text = '';
  // A test whose work has no end keeps its process from telling so: it says something every 30 s while it can.
  const hung = setTimeout(() => {
    text += `\nFAILED no test of share ${index + 1} of ${name} ended in two minutes\n`;
    child.kill('SIGKILL');
  }, 120_000);
  child.stdout.on('data', (chunk) => {
    text += String(chunk);
    hung.refresh();
  });
  return new Promise((resolve) => {
    child.on('close', () => {
      clearTimeout(hung);
      const lines = text.trimEnd().split('\n');
      const [, passed, failed] = /^(\d+) passed, (\d+) failed$/.exec(lines.at(-1) ?? '') ?? [];
      console.log(lines.slice(0, passed === undefined ? undefined : -1).join('\n'));
      // A share that did not come to its sum has failed, whatever passed before.
      resolve(passed === undefined ? { passed: 0, failed: 1 } : { passed: Number(passed), failed: Number(failed) });
    });
  });
}

async function runGroup({ name, files, apart }: Group): Promise<Sum> {
  const all = globSync([...files], { cwd: root })
    .toSorted()
    .map((file) => path.join(root, file));
  const found = share === undefined ? all : stretch(all, Number(share));
  if (found.length === 0) return { passed: 0, failed: 0 };
  console.log(
    `${name}: ${found.length} files${share === undefined ? '' : `, share ${Number(share) + 1} of ${shares}`}`,
  );
  const started = performance.now();
  const seconds = (): string => `${((performance.now() - started) / 1000).toFixed(1)} s`;
  const running = new Set<string>();
  const sum = { passed: 0, failed: 0 };
  const slowest: { name: string; ms: number }[] = [];
  const stream = run({
    files: found,
    isolation: apart ? 'process' : 'none',
    ...(apart ? { concurrency: 1 } : {}),
    cwd: root,
  });
  stream.on('test:dequeue', ({ name }) => running.add(name));
  stream.on('test:complete', ({ name }) => running.delete(name));
  stream.on('test:pass', (test) => {
    if (!counts(test)) return;
    // A skipped or unfinished test proves nothing, so it is not let pass as one that did.
    slowest.push({ name: test.name, ms: test.details.duration_ms });
    const proved = test.skip === undefined && test.todo === undefined;
    if (proved) sum.passed += 1;
    else sum.failed += 1;
    if (apart || !proved)
      console.log(`${proved ? 'ok' : 'NOT RUN'} ${test.name} (${(test.details.duration_ms / 1000).toFixed(1)} s)`);
  });
  stream.on('test:fail', (test) => {
    if (!counts(test)) return;
    sum.failed += 1;
    console.log(`FAILED ${test.name} (${path.relative(root, test.file ?? '')}:${test.line ?? 0})`);
    const { cause } = test.details.error as { cause?: unknown };
    console.log(cause instanceof Error ? (cause.stack ?? cause.message) : (cause ?? test.details.error));
  });
  stream.on('test:stderr', ({ message }) => process.stderr.write(message));
  stream.on('test:stdout', ({ message }) => process.stderr.write(message));
  // Unreferenced: tests of this process end when nothing else keeps it alive.
  const heartbeat = setInterval(
    () => console.log(`${name}: ${seconds()}, running ${[...running].at(-1) ?? ''}`),
    30_000,
  ).unref();
  for await (const _ of stream);
  clearInterval(heartbeat);
  const slow = slowest.toSorted((a, b) => b.ms - a.ms).filter(({ ms }) => !apart && ms > 1000);
  for (const { name, ms } of slow.slice(0, 5)) console.log(`slow: ${name} (${(ms / 1000).toFixed(1)} s)`);
  console.log(`${name}: ${sum.passed} passed, ${sum.failed} failed in ${seconds()}`);
  return sum;
}

/**
 * One share of the files: neighbours, because they import the same modules, up to where an equal part of the bytes is,
 * because that is near to an equal part of the work.
 */
function stretch(files: readonly string[], share: number): string[] {
  const sizes = files.map((file) => statSync(file).size);
  const whole = sizes.reduce((sum, size) => sum + size, 0);
  let before = 0;
  return files.filter((_, index) => {
    const at = Math.floor((before / whole) * shares);
    before += sizes[index] ?? 0;
    return at === share;
  });
}

/** A suite is the sum of its tests and is not counted beside them. */
function counts(test: EventData.TestPass | EventData.TestFail): boolean {
  return test.details.type !== 'suite';
}
