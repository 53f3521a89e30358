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
  const running = new Map<Copy, { readonly since: number; readonly bytes: number }>();
  let [total, done, came, moved] = [0, 0, 0, 0];
  let missing: number | null = null;
  const started = clock();
  const seconds = (since: number): number => (clock() - since) / 1000;
  const show = (): void => {
    const bytes = missing === null ? 'looking what is there' : `${size(came)} of ${size(missing)}`;
    const through = moved === 0 ? '' : `, ${size(moved)} moved`;
    const lines = [...running].map(
      ([{ locked }, one]) => `  ${cleanLine(locked.image)}  ${size(one.bytes)}  ${time(seconds(one.since))}`,
    );
    progress([`${done} of ${total} images, ${bytes}${through}, ${time(seconds(started))}`, ...lines].join('\n'));
  };
  let timer: NodeJS.Timeout | undefined;
  return {
    look: (images) => {
      total = images;
      timer = setInterval(show, 1000).unref();
      show();
    },
    copy: (bytes) => {
      missing = bytes;
      show();
    },
    begin: (copy, bytes) => {
      running.set(copy, { since: clock(), bytes });
      show();
    },
    end: (copy, { image, state, bytes, seconds: took, detail }) => {
      came += running.get(copy)?.bytes ?? 0;
      running.delete(copy);
      done += 1;
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
