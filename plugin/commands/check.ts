import { AirgapError } from '../../shared/errors.ts';
import { policyFlag } from '../policy/policy-flag.ts';
import type { CheckReport } from '../policy/check-report.ts';
import { command, type ExitCode } from './command.ts';
import { connectionFlags, failOnFlag } from './flags.ts';
import { fails } from './fails.ts';

export const check = command({
  name: 'check',
  describe: 'Hold manifests against the policy before they reach a cluster',
  details: [
    'Every image of every manifest gets the decision that the webhook would take: pods and everything that makes pods, and the custom resources that the policy names. With --policy FILE no cluster is asked.',
    'Each object is judged by the policy of its namespace, whose labels come from a Namespace among the manifests or, without --policy, from the cluster. Where they are not known, the strictest policy that may apply is taken, and a warning says so.',
    'A folder is searched with everything below it; a kustomize folder is rendered by kubectl kustomize, and the folder of a Helm chart by helm template, with its own values; render it yourself and pipe it in to choose others.',
    'Exit code: 0 when nothing at or above --fail-on was found, 1 when something was, 2 for a wrong command line or unreadable input, 3 when the policy could not be read from the cluster. In the modes Audit, Warn and Rewrite nothing is an error yet.',
  ],
  examples: [
    ['Check a folder in CI', 'kubectl airgap check --policy policy.yaml -f manifests/'],
    ['Check a rendered chart', 'helm template ./chart | kubectl airgap check --policy policy.yaml -f -'],
    ['For a code host', 'kubectl airgap check --policy policy.yaml -f manifests/ -o sarif'],
  ],
  flags: {
    filename: {
      type: 'strings',
      short: 'f',
      value: 'FILE|DIR|-',
      complete: 'files',
      describe:
        'manifests: a file, a folder, a kustomize folder, a Helm chart, or - for standard input; may be repeated',
    },
    ...policyFlag,
    output: {
      type: 'string',
      short: 'o',
      value: 'FORMAT',
      choices: ['table', 'json', 'yaml', 'sarif', 'junit'],
      default: 'table',
      describe: 'how to print what was found',
    },
    ...failOnFlag,
    namespace: {
      type: 'string',
      short: 'n',
      value: 'NAME',
      complete: 'namespaces',
      describe: 'namespace of the objects that name none (default "default")',
    },
    ...connectionFlags,
  },
  run: async (args, io): Promise<ExitCode> => {
    if (args.filename.length === 0)
      throw new AirgapError(
        'usage',
        'It is not said what to check.',
        'Pass -f FILE, -f DIR, or -f - for standard input.',
      );
    const [{ policiesAndNamespaces }, { readManifests }, { objectsOf }, { checkManifests }] = await Promise.all([
      import('./policies.ts'),
      import('../policy/manifest-files.ts'),
      import('../policy/manifest-objects.ts'),
      import('../policy/check-manifests.ts'),
    ]);
    const { policies, namespaces } = await policiesAndNamespaces(args, io);
    const texts = (await Promise.all(args.filename.map(async (source) => readManifests(source, io)))).flat();
    const objects = texts.flatMap(objectsOf);
    if (objects.length === 0) io.say(`warning: there is no Kubernetes object in ${args.filename.join(', ')}`);
    const { report, uncertain, unselected } = checkManifests(policies, objects, {
      files: texts.length,
      namespace: args.namespace ?? 'default',
      namespaces,
    });
    if (uncertain.length > 0)
      io.say(
        `warning: which policy applies depends on labels of the namespaces ${uncertain.join(', ')}, which are not known here: the strictest that may apply is taken. Check their manifests too.`,
      );
    if (unselected.length > 0)
      io.say(`warning: no policy selects the namespaces ${unselected.join(', ')}: images there are left as they are`);
    io.print(await render[args.output](report, io.terminal));
    return report.findings.some(({ severity }) => fails(severity, args.failOn)) ? 1 : 0;
  },
});

type Render = (
  report: CheckReport,
  terminal: Parameters<typeof import('../render/check.ts').checkTable>[1],
) => Promise<string>;

const render: Readonly<Record<'table' | 'json' | 'yaml' | 'sarif' | 'junit', Render>> = {
  table: async (report, terminal) => (await import('../render/check.ts')).checkTable(report, terminal),
  json: async (report) => (await import('../render/json.ts')).jsonText(report),
  yaml: async (report) => (await import('../render/yaml.ts')).yamlText(report),
  sarif: async (report) => (await import('../render/check-sarif.ts')).checkSarif(report),
  junit: async (report) => (await import('../render/check-junit.ts')).checkJunit(report),
};
