import { command, type ExitCode } from '../command.ts';
import { mirrorFlags } from '../mirror-flags.ts';
import { endsOf } from './ends.ts';
import { printed } from '../printed.ts';

export const plan = command({
  name: 'plan',
  describe: 'Say what "mirror run" would copy, how much that is and how long it takes; nothing moves',
  details: [
    'The target is asked, by headers or file sizes only, what it has already. Blobs that images share are counted once; what a registry lacks in two repositories travels twice, because each copy is one of its own.',
    'Exit code: 0, 1 when it cannot be carried out as it is (too little disk, or a target that did not answer for some images), 2 for unreadable input, 3 when the target did not answer at all.',
  ],
  examples: [
    ['What would move to the mirror?', 'kubectl airgap mirror plan --rate 100Mbit/s'],
    ['Does it fit on the disk?', 'kubectl airgap mirror plan --to dir:/media/usb/images'],
    ['Inside the gap: what of the disk is missing here?', 'kubectl airgap mirror plan --from dir:/media/usb/images'],
  ],
  flags: {
    ...mirrorFlags,
    platform: { type: 'strings', value: 'OS/ARCH', describe: 'only these of the locked platforms; may be repeated' },
    rate: { type: 'string', value: 'RATE', describe: 'of the slowest part of the way, such as 100Mbit/s or 12MB/s' },
  },
  run: async (args, io): Promise<ExitCode> => {
    const [{ planMirror }, { parseRate }, { platformsNamed }] = await Promise.all([
      import('../../supply/mirror/plan-mirror.ts'),
      import('../../supply/mirror/rate.ts'),
      import('../../supply/lock/platform.ts'),
    ]);
    const plan = await planMirror({
      ...endsOf(args),
      file: args.lock,
      platforms: platformsNamed(args.platform),
      rate: args.rate === undefined ? null : parseRate(args.rate),
      registries: args.registry,
      registryCa: args.registryCa,
      env: io.env,
      signal: io.signal,
      progress: args.noProgress ? () => undefined : io.progress,
    });
    io.signal.throwIfAborted();
    const table = async (): Promise<string> =>
      (await import('../../render/mirror-plan.ts')).mirrorPlanTable(plan, io.terminal);
    io.print(await printed(args.output, plan, table));
    const { notSeen, leftOut, images } = plan.summary;
    if (notSeen > 0 && notSeen + leftOut === images) return 3;
    return notSeen > 0 || plan.disk?.enough === false ? 1 : 0;
  },
});
