import type { WriteStream } from 'node:tty';

/** Waits shorter than this show nothing. */
const patience = 1000;

export interface Progress {
  /** What is being waited for now: a line, or a few. */
  readonly update: (line: string) => void;
  /** Wipes it, before anything else is written to the terminal. */
  readonly clear: () => void;
}

/** A line or a few on standard error that say what is being waited for: for a person at a terminal, never in a log. */
export function progressLine(
  stream: Pick<WriteStream, 'isTTY' | 'columns' | 'write'> & { readonly rows?: number },
  env: Readonly<Record<string, string | undefined>>,
): Progress {
  if (!stream.isTTY || env['TERM'] === 'dumb' || env['CI'] !== undefined) {
    return { update: () => undefined, clear: () => undefined };
  }
  let latest = '';
  let shown = 0;
  let since: number | undefined;
  let timer: NodeJS.Timeout | undefined;
  const show = (): void => {
    // What does not fit would scroll away, and could not be wiped any more.
    const lines = latest.split('\n').slice(0, Math.max((stream.rows ?? 24) - 1, 1));
    const cut = lines.map((line) => line.slice(0, Math.max(stream.columns - 1, 10)));
    stream.write(`${wiped(shown)}${cut.join('\n')}`);
    shown = lines.length;
  };
  return {
    update: (line) => {
      latest = line;
      // What is said meanwhile wipes it, and does not make it wait anew.
      since ??= Date.now();
      const left = since + patience - Date.now();
      if (shown > 0 || left <= 0) show();
      else timer ??= setTimeout(show, left).unref();
    },
    clear: () => {
      clearTimeout(timer);
      timer = undefined;
      if (shown > 0) stream.write(wiped(shown));
      shown = 0;
    },
  };
}

/** The sequence that takes away the lines that stand there, the last of which holds the cursor. */
function wiped(lines: number): string {
  return lines > 1 ? `\r\u001B[${lines - 1}A\u001B[0J` : '\r\u001B[2K';
}
