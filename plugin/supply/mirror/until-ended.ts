import process from 'node:process';

/** Signals that end a process which does nothing about them. Ctrl-C is seen to by whoever runs the command. */
const endings = ['SIGTERM', 'SIGHUP'] as const;

/**
 * Runs work that must clean up behind it. A signal that would end the process aborts the work first, and is sent again when
 * the work has come to its end.
 */
export async function untilEnded<T>(signal: AbortSignal, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const ended = new AbortController();
  let received: NodeJS.Signals | undefined;
  const end = (name: NodeJS.Signals): void => {
    received = name;
    ended.abort();
  };
  for (const name of endings) process.on(name, end);
  try {
    return await work(AbortSignal.any([signal, ended.signal]));
  } finally {
    for (const name of endings) process.off(name, end);
    if (received !== undefined) process.kill(process.pid, received);
  }
}
