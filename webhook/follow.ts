import { readFile } from 'node:fs/promises';
import { messageOf } from '../shared/errors.ts';

/** Files that belong together, as last read. */
export type Contents = readonly string[];

/**
 * Looks at files twice a second and hands over their contents when one has changed. They are read again rather than
 * watched: a mounted Secret is replaced by swapping a link, which a watch of the file does not see. A file that cannot
 * be read for a moment is told once. Returns a function that stops it.
 */
export function follow(
  files: readonly string[],
  first: Contents,
  changed: (contents: Contents) => void,
  failed: (problem: string) => void,
): () => void {
  let last = first.join('\0');
  let lastProblem = '';
  let busy = false;
  const look = async (): Promise<void> => {
    if (busy) return;
    busy = true;
    try {
      const contents = await Promise.all(files.map(async (file) => readFile(file, 'utf8')));
      lastProblem = '';
      const now = contents.join('\0');
      if (now !== last) {
        last = now;
        changed(contents);
      }
    } catch (error) {
      const problem = messageOf(error);
      if (problem !== lastProblem) failed(problem);
      lastProblem = problem;
    } finally {
      busy = false;
    }
  };
  const timer = setInterval(() => void look(), 500);
  timer.unref();
  return () => clearInterval(timer);
}
