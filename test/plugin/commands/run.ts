import { runCli } from '../../../plugin/cli.ts';

/** Runs a command line in this process, with nothing but `input` on standard input. */
export async function run(
  line: readonly string[],
  input = '',
  width = 120,
): Promise<{ readonly code: number; readonly out: string; readonly err: string }> {
  let out = '';
  let err = '';
  const code = await runCli(line, {
    print: (text) => {
      out += text;
    },
    say: (text) => {
      err += `${text}\n`;
    },
    progress: () => undefined,
    stdin: (async function* () {
      yield Buffer.from(input);
    })(),
    env: { ...process.env, KUBECONFIG: '/nonexistent' },
    signal: new AbortController().signal,
    terminal: { width, colour: false, unicode: true },
  });
  return { code, out, err };
}
