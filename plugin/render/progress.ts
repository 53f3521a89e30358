import type { WriteStream } from 'node:tty';

/** Waits shorter than this show nothing. */
const patience = 1000;

export interface Progress {
  /** What is being waited for now. */
  readonly update: (line: string) => void;
  /** Wipes the line, before anything else is written to the terminal. */
  readonly clear: () => void;
}

/** One line on standard error that says what is being waited for: for a person at a terminal, never in a log. */
export function progressLine(
  stream: Pick<WriteStream, 'isTTY' | 'columns' | 'write'>,
  env: Readonly<Record<string, string | undefined>>,
): Progress {
  if (!stream.isTTY || env['TERM'] === 'dumb' || env['CI'] !== undefined) {
    return { update: () => undefined, clear: () => undefined };
  }
  let latest = '';
  let shown = false;
  let timer: NodeJS.Timeout | undefined;
  const show = (): void => {
    shown = true;
    stream.write(`\r\u001B[2K${latest.slice(0, Math.max(stream.columns - 1, 10))}`);
  };
  return {
    update: (line) => {
      latest = line;
      if (shown) show();
      else timer ??= setTimeout(show, patience).unref();
    },
    clear: () => {
      clearTimeout(timer);
      timer = undefined;
      if (shown) stream.write('\r\u001B[2K');
      shown = false;
    },
  };
}
