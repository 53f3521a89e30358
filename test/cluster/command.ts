import { execFile } from 'node:child_process';

/** Runs a command to its end and returns its standard output; throws with its standard error when it fails. */
export function runCommand(command: readonly string[], input = ''): Promise<string> {
  const [file = '', ...args] = command;
  return new Promise((resolve, reject) => {
    const child = execFile(file, args, { maxBuffer: 2 ** 28 }, (error, stdout) => {
      if (error === null) resolve(stdout);
      else reject(error);
    });
    // A command that does not read its input is none the worse for it.
    child.stdin?.on('error', () => {});
    child.stdin?.end(input);
  });
}
