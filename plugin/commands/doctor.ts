import { policyFlag } from '../policy/policy-flag.ts';
import { categories } from '../doctor/check.ts';
import { formatNames, formats } from '../render/index.ts';
import { command } from './command.ts';
import { connectionFlags, failOnFlag, lookFlags, namespaceFlags } from './flags.ts';

export const doctor = command({
  name: 'doctor',
  describe: 'Examine a cluster, or a recording of one, and say what is wrong and how to cure it',
  details: [
    'It only reads. The category certs also shakes hands with the API servers and the kubelets that the cluster lists, and sends them nothing. Whatever it may not read is reported as unknown, never as fine, with the permission that is missing.',
    'Exit code: 0 when nothing is at or above --fail-on, 1 when something is, 2 for a wrong command line or unreadable input, 3 when nothing could be examined.',
  ],
  examples: [
    ['Examine the cluster of the current context', 'kubectl airgap doctor'],
    ['Only images and certificates, problems only', 'kubectl airgap doctor pulls certs -o short'],
    ['Examine a recording, as of the time it was made', 'kubectl airgap doctor --from dump.tar.gz'],
    [
      'Look at a registry too, from this machine',
      'kubectl airgap doctor --registry registry.example.com:5000 --registry-ca ca.pem',
    ],
    ['Is the mirror, and what runs, what the lock pins?', 'kubectl airgap doctor mirror --lock airgap.lock.yaml'],
    ['What would a policy break that is not applied yet?', 'kubectl airgap doctor admission --policy policy.yaml'],
    ['The least permissions this needs, to hand to an administrator', 'kubectl airgap doctor --print-rbac'],
  ],
  operand: {
    name: 'category',
    describe: 'examine only these',
    many: true,
    required: false,
    choices: categories,
  },
  flags: {
    output: {
      type: 'string',
      short: 'o',
      value: 'FORMAT',
      choices: formatNames,
      default: 'table',
      describe: 'how to print the report',
    },
    from: {
      type: 'string',
      value: 'PATH',
      complete: 'files',
      describe: 'examine a recording (a directory or a .tar.gz) instead of a live cluster',
    },
    now: {
      type: 'string',
      value: 'TIME',
      describe: 'judge dates by this time (RFC 3339) instead of the clock or the time of the recording',
    },
    check: { type: 'strings', value: 'ID', complete: 'checks', describe: 'run only this check; may be repeated' },
    ...failOnFlag,
    ...namespaceFlags,
    ...policyFlag,
    ...lookFlags,
    lock: {
      type: 'string',
      value: 'FILE',
      complete: 'files',
      describe: 'lock to hold the mirror and what runs against',
    },
    'print-rbac': {
      type: 'boolean',
      describe:
        'print the least role this needs (bound to the user of --as; YAML, or JSON with -o json), and examine nothing',
    },
    'no-progress': { type: 'boolean', describe: 'no progress line on standard error' },
    ...connectionFlags,
  },
  run: async (args, io) => {
    const { checks } = await import('../doctor/checks/index.ts');
    const { select } = await import('../doctor/select.ts');
    const selected = select(checks, args.operands, args.check);
    const namespace = args.allNamespaces ? undefined : args.namespace;
    if (args.printRbac) {
      const { leastRole } = await import('../doctor/least-role.ts');
      const role = leastRole(selected, namespace, args.as);
      if (args.output === 'json') {
        const { jsonText } = await import('../render/json.ts');
        io.print(jsonText({ apiVersion: 'v1', kind: 'List', items: role }));
      } else {
        const { yamlText } = await import('../render/yaml.ts');
        io.print(yamlText(...role));
      }
      return 0;
    }
    const { openSource } = await import('./source.ts');
    const { expectNamespace } = await import('../cluster/expect-namespace.ts');
    const { examine } = await import('../doctor/examine.ts');
    const { exitCodeOf } = await import('../doctor/exit-code.ts');
    const quiet = args.noProgress ? { ...io, progress: () => undefined } : io;
    const { withLock } = await import('../supply/verify/with-lock.ts');
    const looking = [
      ...(args.registry.length === 0 ? [] : ['--registry']),
      ...(args.registryCa === undefined ? [] : ['--registry-ca']),
      ...(args.pkiDir === undefined ? [] : ['--pki-dir']),
    ].join(', ');
    if (args.from !== undefined && looking !== '')
      io.say(`warning: ${looking}: nothing is looked at with --from; the recording holds what "dump" looked at`);
    const source = await openSource(args, quiet);
    await expectNamespace(source, namespace);
    const cluster = await withLock(source, args.lock, {
      live: args.from === undefined,
      registries: args.registry,
      registryCa: args.registryCa,
      env: io.env,
      signal: io.signal,
      progress: quiet.progress,
    });
    const report = await examine(cluster, selected, {
      ...(namespace === undefined ? {} : { namespace }),
      ...(args.policy === undefined ? {} : { policyFile: args.policy }),
      signal: io.signal,
      progress: quiet.progress,
    });
    io.signal.throwIfAborted();
    const exitCode = exitCodeOf(report, args.failOn);
    const format = await formats[args.output]();
    io.print(format(report, { terminal: io.terminal, exitCode }));
    return exitCode;
  },
});
