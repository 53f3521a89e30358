import type { Copy } from '../supply/mirror/copies.ts';
import type { MirroredImage } from '../supply/mirror/run-report.ts';
import type { Watch } from '../supply/mirror/watch.ts';
import { cleanLine } from './clean.ts';
import { size, time } from './size.ts';

const words: Readonly<Record<MirroredImage['state'], string>> = {
  copied: 'copied',
  present: 'there',
  failed: 'FAILED',
  'left-out': 'left out',
};

/**
 * A run as it goes: one plain line for each image that is done, and on a terminal one for the whole and one for each image
 * that is on its way, told anew every second.
 */
export function mirrorProgress(
  say: (line: string) => void,
  progress: (lines: string) => void,
  clock: () => number = () => performance.now(),
): Watch {
  const running = new Map<Copy, number>();
  let [total, done, all, came, moved] = [0, 0, 0, 0, 0];
  const started = clock();
  const seconds = (since: number): number => (clock() - since) / 1000;
  const show = (): void =>
    progress(
      [
        `${done} of ${total} images, ${size(came)} of ${size(all)}${moved === 0 ? '' : `, ${size(moved)} moved`}, ${time(seconds(started))}`,
        ...[...running].map(
          ([{ locked, parts }, since]) =>
            `  ${cleanLine(locked.image)}  ${size(bytesOf(parts))}  ${time(seconds(since))}`,
        ),
      ].join('\n'),
    );
  let timer: NodeJS.Timeout | undefined;
  return {
    start: (copies) => {
      total = copies.length;
      all = copies.reduce((sum, { parts }) => sum + bytesOf(parts), 0);
      timer = setInterval(show, 1000).unref();
      show();
    },
    begin: (copy) => {
      running.set(copy, clock());
      show();
    },
    end: (copy, { image, state, bytes, seconds: took, detail }) => {
      running.delete(copy);
      done += 1;
      came += bytesOf(copy.parts);
      const about = state === 'copied' ? ` (${size(bytes)}, ${time(took)})` : '';
      say(cleanLine(`${done} of ${total}: ${words[state]} ${image}${about}${detail === '' ? '' : `: ${detail}`}`));
      show();
    },
    moved: (bytes) => {
      moved += bytes;
    },
    stop: () => clearInterval(timer),
  };
}

function bytesOf(parts: Copy['parts']): number {
  return parts.reduce((sum, part) => sum + part.size, 0);
}
