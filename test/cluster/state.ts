import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  rmdirSync,
  writeFileSync,
  existsSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** How many clusters may be up at once; each has a sixteenth of 198.51.100.0/24 for its own. */
const slots = 16;

/** One cluster's place on this machine: everything that it writes is under `directory`. */
export interface Slot {
  readonly number: number;
  readonly directory: string;
}

/**
 * Takes the first slot that no living process owns. All slots whose owners are gone (they were killed) are cleaned
 * first: their processes, control groups and files.
 */
export function takeSlot(): Slot {
  const root = path.join(tmpdir(), `kubectl-airgap-${process.getuid?.() ?? 0}`);
  mkdirSync(root, { recursive: true, mode: 0o700 });
  removeStale(root);
  for (let number = 0; number < slots; number += 1) {
    const directory = path.join(root, `slot-${number}`);
    if (existsSync(directory)) continue;
    const fresh = mkdtempSync(path.join(root, '.taking-'));
    writeFileSync(path.join(fresh, 'owner'), identityOf(process.pid) ?? '');
    mkdirSync(path.join(fresh, 'pids'));
    try {
      renameSync(fresh, directory);
    } catch {
      rmSync(fresh, { recursive: true, force: true });
      continue;
    }
    return { number, directory };
  }
  throw new Error(`${slots} test clusters are up already: end one of them`);
}

function removeStale(root: string): void {
  for (const name of readdirSync(root)) {
    const directory = path.join(root, name);
    const owner = readIdentity(path.join(directory, 'owner'));
    if (isRunning(owner)) continue;
    if (name.startsWith('slot-') && !name.includes('.stale')) {
      // Only one of two runs that start together gets to rename it.
      const stale = `${directory}.stale-${process.pid}`;
      try {
        renameSync(directory, stale);
        clean(stale);
      } catch {
        continue;
      }
    } else if (name.includes('.stale-') || owner !== '') clean(directory);
  }
}

/** Ends what the slot recorded and removes its files; safe to call twice and on a half-made slot. */
export function releaseSlot(slot: Slot): void {
  clean(slot.directory);
}

/** Records a process in the slot, so that a later run can end it even when this one is killed. */
export function recordProcess(slot: Slot, name: string, pid: number): void {
  writeFileSync(path.join(slot.directory, 'pids', name), identityOf(pid) ?? '');
}

/** Records a control group whose (then empty) folders are to be removed with the slot. */
export function recordControlGroup(slot: Slot, name: string): void {
  writeFileSync(path.join(slot.directory, 'cgroup'), name);
}

function clean(directory: string): void {
  const pidDirectory = path.join(directory, 'pids');
  const names = existsSync(pidDirectory) ? readdirSync(pidDirectory) : [];
  const pids = names
    .map((name) => readIdentity(path.join(pidDirectory, name)))
    .filter((identity) => isRunning(identity))
    .map((identity) => Number(identity.split(' ')[0]));
  for (const pid of pids) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It ended by itself in between.
    }
  }
  waitUntilGone(pids);
  const groupFile = path.join(directory, 'cgroup');
  if (existsSync(groupFile)) removeControlGroups(readFileSync(groupFile, 'utf8'));
  rmSync(directory, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
}

/** Children of a killed process namespace need a moment to be reaped; their files can only go after them. */
function waitUntilGone(pids: readonly number[]): void {
  const end = Date.now() + 10_000;
  while (pids.some((pid) => existsSync(`/proc/${pid}/stat`) && !isZombie(pid)) && Date.now() < end) {
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20);
  }
}

function isZombie(pid: number): boolean {
  return statFields(pid)[0] === 'Z';
}

/** `PID STARTTIME`: a number alone may by now be another process. */
function identityOf(pid: number): string | null {
  const start = statFields(pid)[19];
  return start === undefined ? null : `${pid} ${start}`;
}

/** The fields of /proc/PID/stat after the command's name, which may itself hold spaces; empty when there is none. */
function statFields(pid: number): string[] {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  } catch {
    return [];
  }
}

function readIdentity(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

function isRunning(identity: string): boolean {
  const pid = Number(identity.split(' ')[0]);
  return pid > 0 && identityOf(pid) === identity && !isZombie(pid);
}

function removeControlGroups(name: string): void {
  const root = '/sys/fs/cgroup';
  if (!/^airgap-test-\d+$/v.test(name) || !existsSync(root)) return;
  for (const controller of ['.', ...readdirSync(root)]) removeGroup(path.join(root, controller, name));
}

/** Control group folders are removed from the leaves up; the files in them are the kernel's. */
function removeGroup(directory: string): void {
  if (!existsSync(directory)) return;
  for (const entry of readdirSync(directory, { withFileTypes: true })) {
    if (entry.isDirectory()) removeGroup(path.join(directory, entry.name));
  }
  for (let attempt = 0; attempt < 50; attempt += 1) {
    try {
      rmdirSync(directory);
      return;
    } catch {
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 100);
    }
  }
}
