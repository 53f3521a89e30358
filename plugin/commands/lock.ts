import { AirgapError } from '../../shared/errors.ts';
import { policyFlag } from '../policy/policy-flag.ts';
import { command, type ExitCode } from './command.ts';
import { registryFlags } from './flags.ts';
import { inventoryOf } from './inventory.ts';
import { inventoryFlags } from './inventory-flags.ts';

export const lock = command({
  name: 'lock',
  describe: 'Pin every needed image by digest in one file, with what it is made of and what needs it',
  details: [
    'What is needed is found as by "kubectl airgap images". Each image is looked up in its own registry: digest, platforms, sizes, signatures. What the file already pins stays as it is until --update; what nobody needs any more is dropped; comments are kept.',
    'It asks the registries that the images name, and no other host: a token service or a store elsewhere has to be named with --registry. Logins are taken from the files of docker and podman.',
    'Exit code: 0 when everything is pinned, 1 when an image could not be, or when --check finds that the file is behind, 2 for unreadable input, 3 when nothing could be searched.',
  ],
  examples: [
    ['Pin what the cluster needs', 'kubectl airgap lock'],
    ['Only one platform, from a chart', 'kubectl airgap lock -f ./chart --platform linux/amd64'],
    ['Take newer builds of one image', 'kubectl airgap lock --update docker.io/library/nginx:1.27'],
    ['In CI: is the file up to date?', 'kubectl airgap lock -f manifests/ --check'],
  ],
  flags: {
    lock: {
      type: 'string',
      value: 'FILE',
      complete: 'files',
      default: 'airgap.lock.yaml',
      describe: 'the lock file to write',
    },
    platform: { type: 'strings', value: 'OS/ARCH', describe: 'only these platforms; may be repeated' },
    update: { type: 'strings', value: 'IMAGE|all', describe: 'look this image up anew, or all' },
    check: { type: 'boolean', describe: 'write nothing; exit with 1 when the file would change' },
    ...registryFlags,
    ...policyFlag,
    ...inventoryFlags,
  },
  run: async (args, io): Promise<ExitCode> => {
    const quiet = args.noProgress ? { ...io, progress: () => undefined } : io;
    const platforms = (await import('../supply/lock/platform.ts')).platformsNamed(args.platform);
    const needed = await inventoryOf(args, quiet);
    if (needed.images.length + needed.files.length === 0)
      throw new AirgapError(
        'input',
        `Nothing in ${needed.source} names an image or a file.`,
        'kubectl airgap images lists what is named.',
      );
    const { updateLock } = await import('../supply/lock/update.ts');
    const { policiesOf } = await import('./policies.ts');
    const offline = args.policy === undefined && args.filename.length + args.list.length > 0;
    const outcome = await updateLock({
      file: args.lock,
      needed,
      platforms,
      update: args.update,
      write: !args.check,
      policies: offline ? [] : await policiesOf(args, quiet),
      registries: args.registry,
      registryCa: args.registryCa,
      env: io.env,
      signal: io.signal,
      progress: quiet.progress,
    });
    const { lockSummary } = await import('../render/lock.ts');
    io.print(lockSummary(outcome, { file: args.lock, written: !args.check }));
    for (const { resource, reason, why } of needed.unsearched)
      if (why !== 'absent') io.say(`warning: not searched: ${resource}: ${reason}`);
    return outcome.failures.length + outcome.unpinned.length > 0 || (args.check && outcome.changes.length > 0) ? 1 : 0;
  },
});
