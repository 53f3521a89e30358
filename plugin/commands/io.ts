import type { Terminal } from '../render/terminal.ts';

/**
 * Everything a command may touch of the process it runs in, so that a test runs a command without one. A command returns
 * its exit code; it never ends the process.
 */
export interface Io {
  /** The result, on standard output, as it is: `render/` has made it. */
  readonly print: (text: string) => void;
  /** One line for a person, on standard error. */
  readonly say: (line: string) => void;
  /** What is being waited for; shown on a terminal only, and only once the wait is longer than a second. */
  readonly progress: (line: string) => void;
  readonly stdin: AsyncIterable<Uint8Array>;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Aborted by the first Ctrl-C; pass it to whatever waits. */
  readonly signal: AbortSignal;
  /** What standard output can show. */
  readonly terminal: Terminal;
}
