/**
 * The one error type of the project. `code` is stable and decides the exit code; `message` is one sentence about what
 * is wrong; `hint` says what to do next. Known errors print these two lines and no stack.
 */
export class AirgapError extends Error {
  readonly code: ErrorCode;
  readonly hint: string;

  constructor(code: ErrorCode, message: string, hint: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'AirgapError';
    this.code = code;
    this.hint = hint;
  }
}

/** `usage` and `input` end with exit code 2, `unreachable`, `forbidden` and `broken` with 3. */
export type ErrorCode = 'usage' | 'input' | 'unreachable' | 'forbidden' | 'broken';

/** What a person reads of a value that was thrown; never a stack, never `[object Object]`. */
export function messageOf(error: unknown): string {
  if (error instanceof AggregateError && error.message === '') return error.errors.map(messageOf).join('; ');
  if (error instanceof Error) return error.message === '' ? error.name : withoutFrame(error);
  return typeof error === 'string' ? error : JSON.stringify(error);
}

/** What the system says of a file, without the code, the call and the path that Node puts around it: whoever asks names the file. */
function withoutFrame(error: Error): string {
  const said = 'syscall' in error ? /^E[A-Z0-9]+: (.+?), [a-z]+(?: '|$)/s.exec(error.message)?.[1] : undefined;
  return said === 'illegal operation on a directory' ? 'it is a folder' : (said ?? error.message);
}
