import type { Fill } from '../../supply/media/finish.ts';
import { outputFlag, registryFlags } from '../flags.ts';
import { printedMedia } from './printed-media.ts';
import { command, type ExitCode } from '../command.ts';

export const load = command({
  name: 'load',
  describe: 'Put volumes together to a folder of images, in any order and as they come',
  details: [
    'Every byte is hashed while it is read, and nothing gets its name before its bytes have been found right. What has been loaded stays, so that each medium may be loaded by a run of its own, and a run that was broken off goes on where it was.',
    'The folder is complete, and "mirror run --from" takes it, when all volumes are in and every blob of the lock is there. Volumes that were packed with --since go into the folder that the earlier set was loaded into.',
    'Exit code: 0 when the folder is complete, 1 when a volume is missing, foreign or damaged, or blobs are lacking, 2 for unreadable input, 3 when the disk is full or fails.',
  ],
  examples: [
    ['All volumes of a medium', 'kubectl airgap mirror load /media/usb --to dir:images'],
    [
      'Only what is new was carried, and the earlier folder is gone',
      'kubectl airgap mirror load /media/usb --to dir:images --fill-from-mirror',
    ],
    ['Then into the mirror', 'kubectl airgap mirror run --from dir:images'],
  ],
  operand: { name: 'volume', describe: 'file, or folder with volumes', many: true, required: true, complete: 'files' },
  flags: {
    to: { type: 'string', value: 'dir:PATH', describe: 'the folder to put together' },
    restart: { type: 'boolean', describe: 'drop what was loaded of a set that is not complete' },
    'fill-from-mirror': {
      type: 'boolean',
      describe: 'take what was left out by --since from the mirror that the earlier lock names',
    },
    ...registryFlags,
    ...outputFlag,
    'no-progress': { type: 'boolean', describe: 'no progress line on standard error' },
  },
  run: async (args, io): Promise<ExitCode> => {
    const [{ folderOf }, { loadVolumes }, { loadSummary }] = await Promise.all([
      import('./folder-of.ts'),
      import('../../supply/media/load.ts'),
      import('../../render/media.ts'),
    ]);
    const folder = folderOf(args.to, 'to', 'Where to load to');
    const progress = args.noProgress ? () => undefined : io.progress;
    const fill: Fill = async (staging, since, lacking) => {
      const { reach } = await import('../../supply/mirror/open-ends.ts');
      const { fillFromMirror } = await import('../../supply/media/fill.ts');
      const { registries } = await reach(since, {
        registries: args.registry,
        registryCa: args.registryCa,
        env: io.env,
        signal: io.signal,
      });
      try {
        return await fillFromMirror(staging, since, lacking, registries, progress);
      } finally {
        registries.close();
      }
    };
    const outcome = await loadVolumes({
      paths: args.operands,
      folder,
      restart: args.restart,
      fill: args.fillFromMirror ? fill : null,
      signal: io.signal,
      progress,
    });
    io.print(await printedMedia(args.output, 'MirrorLoadReport', outcome, () => loadSummary(outcome, folder)));
    return outcome.images === null || outcome.faults.length > 0 ? 1 : 0;
  },
});
