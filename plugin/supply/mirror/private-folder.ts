import { rmSync } from 'node:fs';
import { chmod, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { makeFolder } from '../../make-folder.ts';
import { isAlive } from './alive.ts';

/** Files that hold logins, for the programs that are started; nobody else can read them. */
export interface PrivateFolder {
  /** Writes files into a new folder inside, with mode 0600. */
  write(files: Readonly<Record<string, string>>): Promise<{ readonly path: string; remove(): Promise<void> }>;
  remove(): void;
}

const prefix = 'kubectl-airgap-mirror-';

/**
 * Makes it below the system's temporary folder, and removes what a run left there that was killed. It is removed when the
 * process ends, by `remove` or whichever other way lets anything run.
 */
export async function privateFolder(): Promise<PrivateFolder> {
  await removeLeftOvers();
  const folder = await mkdtemp(path.join(tmpdir(), `${prefix}${process.pid}-`));
  await chmod(folder, 0o700);
  const remove = (): void => rmSync(folder, { recursive: true, force: true });
  process.once('exit', remove);
  return {
    write: async (files) => {
      const inner = await mkdtemp(path.join(folder, 'image-'));
      for (const [name, text] of Object.entries(files)) {
        const file = path.join(inner, name);
        await makeFolder(path.dirname(file), 0o700);
        await writeFile(file, text, { mode: 0o600 });
      }
      return { path: inner, remove: () => rm(inner, { recursive: true, force: true }) };
    },
    remove: () => {
      process.off('exit', remove);
      remove();
    },
  };
}

async function removeLeftOvers(): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    const pid = /^kubectl-airgap-mirror-(\d+)-/.exec(name)?.[1];
    if (pid === undefined || isAlive(Number(pid))) continue;
    const file = path.join(tmpdir(), name);
    const own = await stat(file).catch(() => null);
    if (own?.uid === process.getuid?.()) await rm(file, { recursive: true, force: true });
  }
}
