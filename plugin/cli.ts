import { AirgapError, messageOf, type ErrorCode } from '../shared/errors.ts';
import { commands } from './commands/index.ts';
import type { ExitCode } from './commands/command.ts';
import type { Io } from './commands/io.ts';
import { parse } from './commands/parse.ts';
import { helpText } from './render/help.ts';
import { clean } from './render/clean.ts';

const exitCodes: Readonly<Record<ErrorCode, ExitCode>> = {
  usage: 2,
  input: 2,
  unreachable: 3,
  forbidden: 3,
  broken: 3,
};

/** Runs one command line and returns its exit code; never throws. */
export async function runCli(argv: readonly string[], io: Io): Promise<ExitCode> {
  try {
    const parsed = await parse(argv, commands);
    if (parsed.help) {
      io.print(helpText(parsed.path, commands));
      return 0;
    }
    const { colour } = parsed;
    const terminal = colour === undefined ? io.terminal : { ...io.terminal, colour };
    return await parsed.command.run(parsed.args, { ...io, terminal });
  } catch (error) {
    return complain(error, io);
  }
}

/** Two lines for an error that was foreseen; for any other the stack too, because it is ours to mend. */
function complain(error: unknown, io: Io): ExitCode {
  if (io.signal.aborted) {
    io.say('Interrupted.');
    return 3;
  }
  if (error instanceof AirgapError) {
    io.say(clean(`error: ${error.message}`));
    io.say(clean(error.hint));
    return exitCodes[error.code];
  }
  io.say(clean(`error: this is a fault in kubectl airgap, not in your cluster: ${messageOf(error)}`));
  io.say('Please report it with the lines below; they hold no data of your cluster but what the message says.');
  if (error instanceof Error && error.stack !== undefined) io.say(clean(error.stack));
  return 3;
}
