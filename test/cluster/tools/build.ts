import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { envtestPrograms, programs, type GoProgram, type ProgramName } from './programs.ts';

const toolsDirectory = import.meta.dirname;
const underway = new Map<ProgramName, Promise<string>>();

/**
 * The path of a program of the test cluster. Taken from `KUBEBUILDER_ASSETS` where that folder has it, else from the
 * cache, else built from the pinned Go module into the cache, with its progress on standard error. A build takes from
 * seconds (crane) to ten minutes (kube-apiserver); a build that is killed leaves nothing half done.
 */
export function tool(name: ProgramName): Promise<string> {
  const running = underway.get(name);
  if (running !== undefined) return running;
  const path = findOrBuild(name);
  underway.set(name, path);
  return path;
}

/** Several programs by name, built one after the other where they are missing: Go uses all cores for one of them. */
export async function tools<Name extends ProgramName>(names: readonly Name[]): Promise<Record<Name, string>> {
  const paths: Partial<Record<Name, string>> = {};
  for (const name of names) paths[name] = await tool(name);
  return paths as Record<Name, string>;
}

async function findOrBuild(name: ProgramName): Promise<string> {
  const assets = process.env['KUBEBUILDER_ASSETS'];
  if (assets !== undefined && envtestPrograms.has(name)) {
    const asset = path.join(assets, name);
    if (existsSync(asset)) return asset;
  }
  const program: GoProgram = programs[name];
  const directory = path.join(cacheDirectory(), `${program.module}-${cacheKey(program)}`);
  const target = path.join(directory, name);
  if (existsSync(target)) return target;
  mkdirSync(directory, { recursive: true });
  removeAbandoned(directory);
  const scratch = mkdtempSync(path.join(directory, '.building-'));
  try {
    const built = path.join(scratch, name);
    await build(name, program, built);
    renameSync(built, target);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
  return target;
}

/** What a killed build left; a living one of another process is never an hour old. */
function removeAbandoned(directory: string): void {
  for (const name of readdirSync(directory).filter((name) => name.startsWith('.building-'))) {
    const scratch = path.join(directory, name);
    if (Date.now() - statSync(scratch).mtimeMs > 60 * 60 * 1000) rmSync(scratch, { recursive: true, force: true });
  }
}

/** Programs live outside the checkout: a fresh clone, or a second work tree, has them at once. */
function cacheDirectory(): string {
  return path.join(process.env['XDG_CACHE_HOME'] ?? path.join(homedir(), '.cache'), 'kubectl-airgap', 'bin');
}

/** Twelve hex digits that change with the module's pinned versions, its own code, and how the program is linked. */
function cacheKey(program: GoProgram): string {
  const hash = createHash('sha256');
  const directory = path.join(toolsDirectory, program.module);
  const own = readdirSync(directory).filter((name) => name.endsWith('.go'));
  for (const file of ['go.mod', 'go.sum', ...own.toSorted()]) hash.update(readFileSync(path.join(directory, file)));
  hash.update(linkerFlags(program));
  return hash.digest('hex').slice(0, 12);
}

function linkerFlags(program: GoProgram): string {
  return ['-s', '-w', ...program.stamps.map((stamp) => `-X ${stamp}`)].join(' ');
}

async function build(name: ProgramName, program: GoProgram, target: string): Promise<void> {
  const started = Date.now();
  const say = (text: string): boolean => process.stderr.write(`test cluster: ${text}\n`);
  say(`building ${name} from ${program.goPackage}, once for this machine`);
  const go = spawn(
    'go',
    ['build', '-v', '-trimpath', '-ldflags', linkerFlags(program), '-o', target, program.goPackage],
    {
      cwd: path.join(toolsDirectory, program.module),
      env: { ...process.env, CGO_ENABLED: '0', GOFLAGS: '-mod=readonly -buildvcs=false' },
      stdio: ['ignore', 'inherit', 'pipe'],
    },
  );
  let compiled = 0;
  let last = '';
  const heartbeat = setInterval(
    () => say(`${name}: ${compiled} packages compiled, ${seconds(started)} s, now ${last}`),
    15_000,
  );
  const problems: string[] = [];
  createInterface({ input: go.stderr }).on('line', (line) => {
    // `go build -v` prints one import path a package; anything with a space is a download or an error.
    if (line.includes(' ')) problems.push(line);
    else {
      compiled += 1;
      last = line;
    }
  });
  try {
    const [code] = (await once(go, 'close')) as [number | null];
    if (code !== 0) throw new Error(`go build of ${name} failed:\n${problems.slice(-20).join('\n')}`);
  } finally {
    clearInterval(heartbeat);
  }
  say(`${name} is built, ${seconds(started)} s`);
}

function seconds(since: number): number {
  return Math.round((Date.now() - since) / 1000);
}

if (import.meta.main) {
  const known = Object.keys(programs) as ProgramName[];
  const wanted = process.argv.slice(2);
  const unknown = wanted.filter((name) => !known.includes(name as ProgramName));
  if (unknown.length > 0) throw new Error(`no such program: ${unknown.join(', ')}; there are ${known.join(', ')}`);
  for (const name of wanted.length === 0 ? known : (wanted as ProgramName[])) console.log(await tool(name));
}
