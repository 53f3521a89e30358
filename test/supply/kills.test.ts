import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, globSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { after, before, test } from 'node:test';
import { makeLayer } from '../../image/oci.ts';
import { makeImage, makeIndex } from '../cluster/registry/image.ts';
import { tool } from '../cluster/tools/build.ts';
import { debianFile } from '../cluster/tools/debian.ts';
import { run } from '../plugin/commands/run.ts';
import { digestIn, startTwoRegistries, type TwoRegistries } from './two-registries.ts';

const main = path.resolve(import.meta.dirname, '../../plugin/main.ts');
const seed = Number(process.env['KILL_SEED'] ?? randomBytes(4).readUInt32LE());
console.log(`KILL_SEED=${seed}`);
const random = fromSeed(seed);

/** Digests by the name that the images have in both registries. */
const expected = new Map<string, string>();
let two: TwoRegistries;
let environment: NodeJS.ProcessEnv;

before(async () => {
  two = await startTwoRegistries({ targetPath: 'round-0' });
  const programs = [path.dirname(await tool('regctl')), path.dirname(debianFile('skopeo')), process.env['PATH']];
  environment = { ...process.env, PATH: programs.join(':'), DOCKER_CONFIG: two.inside('docker') };
  const shared = await makeLayer([{ name: 'shared', content: randomBytes(3_000_000) }]);
  for (const name of ['a', 'b', 'c', 'd', 'e', 'f']) {
    const own = await makeLayer([{ name, content: randomBytes(2_000_000) }]);
    const layers = [shared, own];
    const image = await (name < 'c' ? makeIndex(['linux/amd64', 'linux/arm64'], { layers }) : makeImage({ layers }));
    await two.source.push(`shop/${name}:1`, image);
    expected.set(`shop/${name}:1`, image.manifest.digest);
  }
  await two.lock([...expected.keys()]);
});
after(() => two[Symbol.asyncDispose]());

/** mulberry32: the same moments for the same seed, as far as the machine allows. */
function fromSeed(start: number): () => number {
  let state = start;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** One goes on where the other was killed, too. */
const engine = (): string => (random() < 0.5 ? 'regctl' : 'skopeo');

interface Ended {
  /** Null for a run that was killed. */
  readonly code: number | null;
  readonly told: string;
  readonly ms: number;
}

/**
 * Runs the program as one of its own. With `after` it is killed so many milliseconds later: alone, so that its engines live
 * on without it, or with all that it started, as when the machine goes down.
 */
function airgap(line: readonly string[], after?: number): Promise<Ended> {
  const started = performance.now();
  const child = spawn(process.execPath, [main, ...line], { env: environment, detached: true });
  let told = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk) => {
      told += String(chunk);
    });
  const alone = random() < 0.5;
  const timer =
    after === undefined
      ? undefined
      : setTimeout(() => {
          if (child.pid !== undefined) process.kill(alone ? child.pid : -child.pid, 'SIGKILL');
        }, after);
  return new Promise((resolve) => {
    child.on('close', (code) => {
      clearTimeout(timer);
      resolve({ code, told, ms: performance.now() - started });
    });
  });
}

const done = async (line: readonly string[]): Promise<number> => {
  const { code, told, ms } = await airgap(line);
  assert.equal(code, 0, told);
  return ms;
};

/**
 * Rounds, each with a run that is killed at a moment between its start and its end, until so many have really been killed.
 * A run that was quicker than its moment makes the next moments earlier.
 */
async function kill(
  times: number,
  longest: number,
  round: (index: number, moment: number) => Promise<Ended>,
): Promise<void> {
  let [ms, killed] = [longest, 0];
  for (let index = 1; killed < times; index += 1) {
    assert.ok(index < 4 * times, `${killed} of ${index} runs were killed before they ended`);
    const ended = await round(index, ms * (0.1 + 0.9 * random()));
    if (ended.code === null) killed += 1;
    else ms = Math.min(ms, ended.ms);
  }
}

test('registry to registry: killed at ten moments, it finishes to the same digests', async () => {
  const text = readFileSync(two.inside('lock.yaml'), 'utf8');
  const line = (round: number): string[] => {
    const lock = two.put(`round-${round}.lock.yaml`, text.replaceAll('/round-0/', `/round-${round}/`));
    return ['mirror', 'run', '--engine', engine(), '--lock', lock];
  };
  await kill(10, await done(line(0)), async (index, moment) => {
    const ended = await airgap(line(index), moment);
    for (const [name, digest] of expected) {
      const there = await digestIn(two.inner, `round-${index}/${name}`);
      assert.ok(there === null || there === digest, `${name} after ${moment} ms`);
    }
    await done(line(index));
    for (const [name, digest] of expected)
      assert.equal(await digestIn(two.inner, `round-${index}/${name}`), digest, `${name} after ${moment} ms`);
    const { code, out } = await run(['verify', '--no-cluster', '--lock', two.inside(`round-${index}.lock.yaml`)]);
    assert.equal(code, 0, out);
    return ended;
  });
});

test('to a folder: killed at ten moments, it is complete only when it is, and the same in the end', async () => {
  const line = (folder: string): string[] => [
    'mirror',
    'run',
    '--lock',
    two.inside('lock.yaml'),
    '--to',
    `dir:${folder}`,
  ];
  const whole = two.inside('whole');
  await kill(10, await done(line(whole)), async (index, moment) => {
    const folder = two.inside(`folder-${index}`);
    const ended = await airgap(line(folder), moment);
    await completeOnlyIfItIs(folder);
    await done(line(folder));
    same(folder, whole, moment);
    return ended;
  });
});

test('packing and loading, each killed at five moments, make the same volumes and the same folder', async () => {
  const whole = two.inside('whole');
  const pack = (to: string): string[] => [
    'mirror',
    'pack',
    '--from',
    `dir:${whole}`,
    '--to',
    `dir:${to}`,
    '--volume-size',
    '4MB',
  ];
  const volumes = two.inside('volumes');
  await kill(5, await done(pack(volumes)), async (index, moment) => {
    const to = two.inside(`volumes-${index}`);
    const ended = await airgap(pack(to), moment);
    if (globSync('*.tar', { cwd: to }).length > 0) assert.equal((await run(['mirror', 'check', to])).code, 0);
    await done(pack(to));
    same(to, volumes, moment);
    return ended;
  });
  const load = (to: string): string[] => ['mirror', 'load', volumes, '--to', `dir:${to}`];
  await kill(5, await done(load(two.inside('loaded'))), async (index, moment) => {
    const folder = two.inside(`loaded-${index}`);
    const ended = await airgap(load(folder), moment);
    await completeOnlyIfItIs(folder);
    await done(load(folder));
    same(folder, whole, moment);
    return ended;
  });
});

/** A folder that has its lock has every blob of it. */
async function completeOnlyIfItIs(folder: string): Promise<void> {
  if (!existsSync(path.join(folder, 'airgap.lock.yaml'))) return;
  const { code, out } = await run(['mirror', 'check', folder]);
  assert.equal(code, 0, out);
}

/** Both folders have the same files with the same bytes; empty folders do not count. */
function same(folder: string, other: string, moment: number): void {
  const files = (at: string): string[] =>
    readdirSync(at, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => path.relative(at, path.join(entry.parentPath, entry.name)))
      .toSorted();
  assert.deepEqual(files(folder), files(other), `after ${moment} ms`);
  for (const file of files(folder))
    assert.ok(
      readFileSync(path.join(folder, file)).equals(readFileSync(path.join(other, file))),
      `${file} after ${moment} ms`,
    );
}
