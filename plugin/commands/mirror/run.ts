import { AirgapError } from '../../../shared/errors.ts';
import { command, type ExitCode } from '../command.ts';
import type { Io } from '../io.ts';
import { mirrorFlags } from '../mirror-flags.ts';
import { endsOf } from './ends.ts';
import { printed } from '../printed.ts';

export const run = command({
  name: 'run',
  describe: 'Copy what the lock pins by regctl or skopeo, and read every digest back',
  details: [
    'Without --from and --to it copies from registry to registry: from the names of the images to the names that the policy gave them in the lock. With --to dir:PATH it fills a folder to carry over, an OCI image layout that other tools read too; with --from dir:PATH it loads one, inside the gap.',
    'Everything is asked for by the digest of the lock, so that a tag that moves changes nothing. An index keeps its digest: of its platforms the locked ones are copied, and all of them where the registry takes it only whole.',
    "An image is done when all of it has been read back from the target, whatever the engine said. A run that was killed, or that missed some images, goes on where it stopped when it is started again. Logins are taken from the files of docker and podman; an engine's own configuration is not read.",
    'Exit code: 0 when everything is there, 1 when an image is missing, 2 for unreadable input or without an engine, 3 when a registry is out of reach.',
  ],
  examples: [
    ['From the registries to the mirror', 'kubectl airgap mirror run'],
    ['Outside the gap: to a disk', 'kubectl airgap mirror run --to dir:/media/usb/images'],
    ['Inside the gap: from the disk to the mirror', 'kubectl airgap mirror run --from dir:/media/usb/images'],
  ],
  flags: {
    ...mirrorFlags,
    engine: {
      type: 'string',
      value: 'NAME',
      choices: ['regctl', 'skopeo'],
      describe: 'the program that copies (default: regctl where it is on the PATH, else skopeo)',
    },
    jobs: { type: 'string', short: 'j', value: 'N', default: '4', describe: 'images at a time' },
    retries: { type: 'string', value: 'N', default: '3', describe: 'how often to try again what may pass' },
    'all-platforms': {
      type: 'boolean',
      describe:
        'copy each index with all of its platforms, not only the locked ones; more bytes, for registries that want it whole',
    },
  },
  run: async (args, io): Promise<ExitCode> => {
    const ends = endsOf(args);
    const [jobs, retries] = [whole(args.jobs, 'jobs', 1, 64), whole(args.retries, 'retries', 0, 100)];
    if (args.allPlatforms && ends.from.kind === 'folder')
      throw new AirgapError(
        'usage',
        'A folder has the platforms that it was filled with.',
        'Fill it with --all-platforms, and leave the flag out here.',
      );
    const [{ runMirror }, { findEngine }, { exitCodeOf }, { mirrorProgress }] = await Promise.all([
      import('../../supply/mirror/run-mirror.ts'),
      import('../../supply/mirror/engines/find.ts'),
      import('../../supply/mirror/run-report.ts'),
      import('../../render/mirror-progress.ts'),
    ]);
    const found = await findEngine(args.engine, io.env);
    if (found === null) return withoutEngine({ ...args, ...ends }, io);
    const nothing = (): void => undefined;
    const report = await runMirror({
      ...ends,
      file: args.lock,
      found,
      jobs,
      retries,
      allPlatforms: args.allPlatforms,
      watch: mirrorProgress(args.noProgress ? nothing : io.say, args.noProgress ? nothing : io.progress),
      registries: args.registry,
      registryCa: args.registryCa,
      env: io.env,
      signal: io.signal,
    });
    const table = async (): Promise<string> =>
      (await import('../../render/mirror-report.ts')).mirrorReportTable(report, io.terminal);
    io.print(await printed(args.output, report, table));
    return exitCodeOf(report);
  },
});

/** What to do where nothing can copy: the same as a script, for where something can. */
async function withoutEngine(
  args: ReturnType<typeof endsOf> & {
    readonly lock: string | undefined;
    readonly engine: 'regctl' | 'skopeo' | undefined;
    readonly registry: readonly string[];
    readonly registryCa: string | undefined;
  },
  io: Io,
): Promise<ExitCode> {
  const { mirrorScript } = await import('../../supply/mirror/script.ts');
  const { from, to, engine } = args;
  const asked = { file: args.lock, registries: args.registry, registryCa: args.registryCa };
  io.print(await mirrorScript({ from, to, engine: engine ?? 'regctl', ...asked }));
  io.say(`error: ${engine === undefined ? 'Neither regctl nor skopeo' : `No ${engine}`} is on the PATH.`);
  io.say('Install it, or run the script on standard output where there is one; it does not read back what it copied.');
  return 2;
}

function whole(written: string, flag: string, least: number, most: number): number {
  const number = Number(written);
  if (/^\d{1,3}$/.test(written) && number >= least && number <= most) return number;
  throw new AirgapError('usage', `"${written}" is no value for --${flag}.`, `Write a number from ${least} to ${most}.`);
}
