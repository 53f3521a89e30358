import {
  closeSync,
  createReadStream,
  fsyncSync,
  mkdtempSync,
  openSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { pack } from 'tar-stream';

/**
 * Gathers the files of an archive beside the place where it will lie, readable by the owner only, and puts the finished
 * archive there in one step: what is at `target` is the old file or the whole new one, never a part.
 */
export interface Spool {
  /** A list that is written while its objects arrive. */
  list(name: string): { add(item: unknown): void; end(): void };
  /** Packs `first` and then the lists, by name; returns the archive's length in bytes. */
  finish(first: readonly (readonly [name: string, content: unknown])[], time: Date): Promise<number>;
  /** Removes everything but a finished archive; safe to call at any time. */
  discard(): void;
}

const bufferBytes = 1 << 18;

export function openSpool(target: string): Spool {
  const folder = mkdtempSync(path.join(path.dirname(path.resolve(target)), '.kubectl-airgap-'));
  const lists = new Set<string>();
  const open = new Set<number>();

  const create = (name: string): { write(text: string): void; end(): void } => {
    const file = openSync(path.join(folder, name), 'wx', 0o600);
    open.add(file);
    let waiting = '';
    const flush = (): void => {
      if (waiting !== '') writeSync(file, waiting);
      waiting = '';
    };
    return {
      write(text) {
        waiting += text;
        if (waiting.length > bufferBytes) flush();
      },
      end() {
        flush();
        closeSync(file);
        open.delete(file);
      },
    };
  };

  return {
    list(name) {
      lists.add(name);
      const file = create(name);
      let separator = '\n';
      file.write('{"apiVersion":"v1","kind":"List","metadata":{},"items":[');
      return {
        add(item) {
          file.write(separator + JSON.stringify(item));
          separator = ',\n';
        },
        end() {
          file.write('\n]}\n');
          file.end();
        },
      };
    },
    async finish(first, time) {
      for (const [name, content] of first) {
        const file = create(name);
        file.write(`${JSON.stringify(content, null, 1)}\n`);
        file.end();
      }
      const archive = pack();
      const whole = path.join(folder, 'archive');
      const fill = async (): Promise<void> => {
        for (const name of [...first.map(([name]) => name), ...[...lists].sort()]) {
          const { size } = statSync(path.join(folder, name));
          // Same cluster, same time, same bytes: nothing of this machine or its user goes into a header.
          const entry = archive.entry({ name, size, mode: 0o600, mtime: time, uid: 0, gid: 0 });
          await pipeline(createReadStream(path.join(folder, name)), entry);
        }
        archive.finalize();
      };
      const file = openSync(whole, 'wx', 0o600);
      open.add(file);
      const write = async (source: AsyncIterable<Buffer>): Promise<void> => {
        for await (const chunk of source) writeSync(file, chunk);
      };
      await Promise.all([fill(), pipeline(archive, createGzip(), write)]);
      fsyncSync(file);
      closeSync(file);
      open.delete(file);
      const { size } = statSync(whole);
      renameSync(whole, target);
      return size;
    },
    discard() {
      for (const file of open) closeSync(file);
      open.clear();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
