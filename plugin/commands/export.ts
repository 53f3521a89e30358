import { AirgapError, messageOf } from '../../shared/errors.ts';
import { policyFlag } from '../policy/policy-flag.ts';
import type { Exported } from '../supply/exports/exporter.ts';
import { command, type Args, type ExitCode } from './command.ts';
import { connectionFlags } from './flags.ts';
import type { Io } from './io.ts';

export const exportLock = command({
  name: 'export',
  describe: "Write the lock in another tool's format, or the policy in the API server's own",
  details: [
    'Every format gets the whole of what it can carry. What it cannot is told on standard error, one line each, and nothing is left out without a word.',
    'For copying: regsync, skopeo, hauler, zarf, uds, oc-mirror. For nodes and clusters: containerd, k3s, crio, idms, velero.',
    'cel is made from the policy instead of the lock: MutatingAdmissionPolicy, ValidatingAdmissionPolicy and their bindings, which Kubernetes 1.36 and newer evaluates itself, without a webhook.',
    'Exit code: 0, 2 when the format cannot carry the lock or the policy, or it cannot be read, 3 when the policy could not be read from the cluster.',
  ],
  examples: [
    ['For regsync, which carries most', 'kubectl airgap export --to regsync > regsync.yml'],
    ['For the nodes of a cluster with containerd', 'kubectl airgap export --to containerd -o nodes/'],
    ['The policy without a webhook', 'kubectl airgap export --to cel --policy policy.yaml | kubectl apply -f -'],
  ],
  flags: {
    to: {
      type: 'string',
      value: 'FORMAT',
      choices: [
        'regsync',
        'skopeo',
        'hauler',
        'zarf',
        'uds',
        'oc-mirror',
        'idms',
        'containerd',
        'k3s',
        'crio',
        'velero',
        'cel',
      ],
      describe: 'the format to write',
    },
    lock: {
      type: 'string',
      value: 'FILE',
      complete: 'files',
      default: 'airgap.lock.yaml',
      describe: 'the lock to read',
    },
    output: {
      type: 'string',
      short: 'o',
      value: 'DIR',
      complete: 'directories',
      describe: 'write the files below this folder instead of to standard output',
    },
    name: { type: 'string', value: 'NAME', default: 'airgap', describe: 'name of the package or object that is made' },
    'plain-http': { type: 'strings', value: 'HOST', describe: 'registry that speaks plain HTTP; may be repeated' },
    ...policyFlag,
    ...connectionFlags,
  },
  run: async (args, io): Promise<ExitCode> => {
    if (args.to === undefined)
      throw new AirgapError(
        'usage',
        'It is not said which format to write.',
        'Pass --to regsync, or another of --help.',
      );
    const { to } = args;
    const { files, warnings } = to === 'cel' ? await fromPolicies(args, io) : await fromLock({ ...args, to });
    const [first] = files;
    if (first === undefined)
      throw new AirgapError(
        'input',
        `Nothing in ${to === 'cel' ? 'the policy' : args.lock} can be written for ${to}.`,
        warnings[0] ?? 'Lock images that the policy mirrors.',
      );
    if (args.output === undefined && files.length > 1)
      throw new AirgapError(
        'usage',
        `${to} takes ${files.length} files: ${files.map(({ path }) => path).join(', ')}.`,
        'Pass -o DIR to write them.',
      );
    for (const warning of warnings) io.say(`warning: ${warning}`);
    if (args.output === undefined) io.print(first.text);
    else for (const file of files) io.print(`${await write(args.output, file)}\n`);
    return 0;
  },
});

async function fromPolicies(args: Args<typeof connectionFlags & typeof policyFlag>, io: Io): Promise<Exported> {
  const [{ policiesOf }, { exportCel }] = await Promise.all([
    import('./policies.ts'),
    import('../policy/export-cel.ts'),
  ]);
  return exportCel(await policiesOf(args, io));
}

async function fromLock(args: {
  readonly to: keyof typeof import('../supply/exports/index.ts').exporters;
  readonly lock: string;
  readonly plainHttp: readonly string[];
  readonly name: string;
}): Promise<Exported> {
  const [{ openLock }, { exporters }] = await Promise.all([
    import('../supply/lock/open.ts'),
    import('../supply/exports/index.ts'),
  ]);
  const { lock } = await openLock(args.lock);
  const exporter = await exporters[args.to]();
  return exporter(lock, { plainHttp: args.plainHttp, name: args.name });
}

async function write(
  folder: string,
  file: { readonly path: string; readonly text: string; readonly executable?: true },
): Promise<string> {
  const [{ writeFile }, { makeFolder }] = await Promise.all([import('node:fs/promises'), import('../make-folder.ts')]);
  const { default: path } = await import('node:path');
  const target = path.join(folder, file.path);
  try {
    await makeFolder(path.dirname(target));
    await writeFile(target, file.text, { mode: file.executable === true ? 0o755 : 0o644 });
    return target;
  } catch (error) {
    throw new AirgapError(
      'input',
      `${target} cannot be written: ${messageOf(error)}.`,
      'Check the folder after -o.',
      error,
    );
  }
}
