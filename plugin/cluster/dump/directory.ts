import { createReadStream, lstatSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { AirgapError, messageOf } from '../../../shared/errors.ts';
import type { DumpFile, DumpFiles } from './files.ts';
import { recognised } from './layout.ts';

/** Deeper than any known layout; logs of containers may lie deeper and are of no interest. */
const maxDepth = 6;
const maxFiles = 200_000;

/**
 * A dump in a folder. Links are not followed, since the folder may have been unpacked from somebody else's archive, and
 * pipes and devices are never opened.
 */
export function openDirectory(root: string): DumpFiles {
  const files: DumpFile[] = [];
  const walk = (folder: string, depth: number): void => {
    for (const entry of readdirSync(path.join(root, folder), { withFileTypes: true })) {
      const at = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (entry.isDirectory() && depth < maxDepth) walk(at, depth + 1);
      else if (entry.isFile() && recognised(at)) {
        const { size, mtime } = lstatSync(path.join(root, at));
        files.push({ path: at, bytes: size, modified: mtime });
      }
      if (files.length > maxFiles)
        throw new AirgapError(
          'input',
          `${root} holds more than ${maxFiles} files.`,
          'Name the folder of the recording itself.',
        );
    }
  };
  try {
    walk('', 1);
  } catch (error) {
    if (error instanceof AirgapError) throw error;
    throw unreadable(root, error);
  }
  return {
    files: files.sort((a, b) => (a.path < b.path ? -1 : 1)),
    async read(sinkFor) {
      for (const file of files) {
        const sink = sinkFor(file.path);
        if (sink === undefined) continue;
        const stream = createReadStream(path.join(root, file.path), { highWaterMark: 1 << 18 });
        try {
          for await (const chunk of stream) sink.write(chunk as Uint8Array);
        } catch (error) {
          if (error instanceof Error && 'syscall' in error) throw unreadable(path.join(root, file.path), error);
          throw error;
        }
        await sink.end();
      }
    },
  };
}

function unreadable(what: string, error: unknown): AirgapError {
  return new AirgapError('input', `${what} cannot be read: ${messageOf(error)}.`, 'Check its permissions.', error);
}
