import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import path from 'node:path';
import type { Engine } from './engine.ts';
import { regctl } from './regctl.ts';
import { skopeo } from './skopeo.ts';

/** In the order of preference: regctl carries more. */
const engines: readonly Engine[] = [regctl, skopeo];

export interface FoundEngine {
  readonly engine: Engine;
  /** The program's file. */
  readonly program: string;
}

/** The named engine, or the first one that there is; null where the PATH has none. */
export async function findEngine(
  wanted: Engine['name'] | undefined,
  env: Readonly<Record<string, string | undefined>>,
): Promise<FoundEngine | null> {
  for (const engine of engines) {
    if (wanted !== undefined && engine.name !== wanted) continue;
    const program = await onPath(engine.name, env['PATH'] ?? '');
    if (program !== null) return { engine, program };
  }
  return null;
}

async function onPath(name: string, folders: string): Promise<string | null> {
  // An empty part of the PATH means the current folder; a program found by accident there is not run.
  for (const folder of folders.split(path.delimiter).filter((part) => path.isAbsolute(part))) {
    const file = path.join(folder, name);
    const found = await access(file, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (found) return file;
  }
  return null;
}
