import { AirgapError } from '../../../shared/errors.ts';
import { outputFlag } from '../flags.ts';
import { printedMedia } from './printed-media.ts';
import { command, type ExitCode } from '../command.ts';

export const pack = command({
  name: 'pack',
  describe: 'Split a folder of images into volumes that fit on media, each verifiable alone',
  details: [
    'A volume is a plain tar archive with the SHA-256 of all that is in it and the name of the set that it belongs to; beside it lies a file for "sha256sum -c". The same folder makes the same volumes, byte for byte, and a run that was broken off goes on with the volumes that are missing.',
    'With --since only the blobs go along that the other side lacks. What it has is read from the lock that was carried there last, and from nothing else.',
    'Exit code: 0 when the volumes are there, 2 for unreadable input, 3 when the folder has wrong bytes or the medium is full.',
  ],
  examples: [
    ['For media with FAT32', 'kubectl airgap mirror pack --from dir:images --to dir:/media/usb'],
    [
      'Only what is new since the last time',
      'kubectl airgap mirror pack --from dir:images --to dir:/media/usb --since carried.lock.yaml',
    ],
    [
      'One medium after the other',
      'kubectl airgap mirror pack --from dir:images --to dir:/media/usb --volume-size 32GB --only 2',
    ],
  ],
  flags: {
    from: { type: 'string', value: 'dir:PATH', describe: 'the folder that "mirror run --to" has filled' },
    to: { type: 'string', value: 'dir:PATH', describe: 'where to write the volumes' },
    'volume-size': {
      type: 'string',
      value: 'SIZE',
      default: '4GiB-1',
      describe: 'the most that a volume may have, such as 700MB or 4GiB-1, which is the most that FAT32 takes',
    },
    since: {
      type: 'string',
      value: 'LOCK',
      complete: 'files',
      describe: 'leave out what this earlier lock has, because the other side has it',
    },
    only: { type: 'strings', value: 'NUMBER', describe: 'write only the volume with this number; may be repeated' },
    ...outputFlag,
    'no-progress': { type: 'boolean', describe: 'no progress line on standard error' },
  },
  run: async (args, io): Promise<ExitCode> => {
    const [{ folderOf }, { parseSize }, { smallestVolume }, { packFolder }, { packSummary }] = await Promise.all([
      import('./folder-of.ts'),
      import('../../supply/media/size.ts'),
      import('../../supply/media/plan-volumes.ts'),
      import('../../supply/media/pack.ts'),
      import('../../render/media.ts'),
    ]);
    const [from, to] = [
      folderOf(args.from, 'from', 'Which folder to pack'),
      folderOf(args.to, 'to', 'Where to pack to'),
    ];
    const volumeSize = parseSize(args.volumeSize);
    if (volumeSize === undefined || volumeSize < smallestVolume)
      throw new AirgapError(
        'usage',
        volumeSize === undefined
          ? `${JSON.stringify(args.volumeSize)} is no size.`
          : `A volume of ${args.volumeSize} is too small: it needs at least ${smallestVolume / 1024} KiB.`,
        'Write it as 4GiB-1, 32GB or 700MB.',
      );
    if (volumeSize === 2 ** 32) io.say('warning: FAT32 takes files of one byte less than that: --volume-size 4GiB-1');
    const only = args.only.map(Number);
    if (only.some((number) => !Number.isSafeInteger(number) || number < 1))
      throw new AirgapError('usage', '--only takes the numbers of volumes.', 'Write it as --only 2 or --only 2,3.');
    const outcome = await packFolder({
      folder: from,
      to,
      volumeSize,
      since: args.since,
      only,
      signal: io.signal,
      progress: args.noProgress ? () => undefined : io.progress,
    });
    io.print(
      await printedMedia(args.output, 'MirrorPackReport', outcome, () =>
        packSummary(outcome, { from, to, since: args.since }),
      ),
    );
    return 0;
  },
});
