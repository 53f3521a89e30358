import { AirgapError } from '../../shared/errors.ts';
import { parseReference, type Reference } from '../../shared/image/reference.ts';
import { defaultNamespace, type KubeObject } from '../install/naming.ts';
import { policyFlag } from '../policy/policy-flag.ts';
import { command, type ExitCode } from './command.ts';
import type { Io } from './io.ts';
import { connectionFlags, registryFlags } from './flags.ts';

export const namespaceFlag = {
  namespace: {
    type: 'string',
    short: 'n',
    value: 'NAME',
    default: defaultNamespace,
    complete: 'namespaces',
    describe: 'namespace of the webhook; the policy leaves it alone',
  },
} as const;

export const install = command({
  name: 'install',
  describe: 'Install the admission webhook with its certificate, custom resource and roles',
  details: [
    'Nothing is rewritten or rejected until an AirgapPolicy is applied. Rewriting fails open and validation fails closed; kube-system and the namespace of the webhook are left out, so that the cluster can always start.',
    'The webhook makes its own certificate and renews it. Applying again changes what differs and nothing else.',
    'Its registry is asked first whether it has the image, with your own login; nothing is installed where it has not.',
    'With --engine cel nothing runs: the policies become objects that the API server evaluates itself (Kubernetes 1.36 and newer). With both, the webhook rewrites and the API server validates, so that an outage of the webhook lets in what is allowed as written and nothing else. Either is a copy of the policies: run it again after each change of one.',
    'It is registered with the API server only once its pods are ready, so an image that cannot be pulled blocks nothing.',
    'Exit code: 0 when it runs, 1 when the image is not in its registry or the pods did not become ready in time, 2 for wrong usage, 3 when the cluster refused or the registry could not be asked.',
  ],
  examples: [
    ['Install from your own registry', 'kubectl airgap install --image my-registry.local/airgap-webhook:0.1.0'],
    [
      'Read everything first',
      'kubectl airgap install --image my-registry.local/airgap-webhook:0.1.0 --dry-run=client -o yaml',
    ],
    ['Without a webhook', 'kubectl airgap install --engine cel --policy policy.yaml'],
  ],
  flags: {
    engine: {
      type: 'string',
      value: 'ENGINE',
      choices: ['webhook', 'cel', 'both'],
      default: 'webhook',
      describe: 'what judges: the webhook, the API server itself (cel), or the webhook with the API server behind it',
    },
    ...policyFlag,
    image: { type: 'string', value: 'REF', describe: 'image of the webhook, from a registry that the nodes reach' },
    'image-pull-secret': { type: 'strings', value: 'NAME', describe: 'Secret to pull it with; may be repeated' },
    'skip-image-check': { type: 'boolean', describe: 'do not ask the registry whether it has the image' },
    ...registryFlags,
    ...namespaceFlag,
    'dry-run': {
      type: 'string',
      value: 'WHERE',
      choices: ['none', 'client', 'server'],
      default: 'none',
      describe: 'client: only print; server: let the API server check and change nothing',
    },
    output: {
      type: 'string',
      short: 'o',
      value: 'FORMAT',
      choices: ['yaml', 'json'],
      describe: 'print the objects (with --dry-run=client)',
    },
    timeout: {
      type: 'string',
      value: 'SECONDS',
      default: '120',
      describe: 'how long to wait for its pods; 0 does not wait',
    },
    ...connectionFlags,
  },
  run: async (args, io): Promise<ExitCode> => {
    if (args.engine === 'cel') return (await import('./install-cel.ts')).installCel(args, io);
    const reference = imageOf(args.image);
    const image = reference.written;
    const [{ installObjects }, { default: crd }, { nameOf }, { copiesOf, printObjects }] = await Promise.all([
      import('../install/objects.ts'),
      import('../install/crd.generated.json', { with: { type: 'json' } }),
      import('../install/resources.ts'),
      import('./install-cel.ts'),
    ]);
    const { namespace, imagePullSecret: pullSecrets } = args;
    const objects = [crd, ...installObjects({ image, namespace, pullSecrets, backstop: args.engine === 'both' })];
    const seconds = secondsOf(args.timeout);
    const copies = await copiesOf(args, io);
    if (args.dryRun === 'client') return printObjects([...objects, ...copies], args.output, io);
    if (!args.skipImageCheck) {
      const refused = await refuse(reference, args, io);
      if (refused !== null) return refused;
    }
    const [{ connect }, { applyObjects, isThere, rolledOut, withAuthority }] = await Promise.all([
      import('../cluster/connect.ts'),
      import('../install/apply.ts'),
    ]);
    const connection = await connect(args, io.env);
    const { needsCel, replaceCel } = await import('../install/cel-engine.ts');
    await needsCel(connection, copies);
    const dry = args.dryRun === 'server';
    const told = (object: KubeObject, done: string): void =>
      io.print(`${nameOf(object)} ${done}${dry ? ' (server dry run)' : ''}\n`);
    const apply = async (some: readonly KubeObject[]): Promise<void> => applyObjects(connection, some, dry, told);
    const admission = objects.filter(({ kind }) => kind.endsWith('WebhookConfiguration'));
    await apply(objects.filter((object) => !admission.includes(object)));
    const deployment = objects.find(({ kind }) => kind === 'Deployment');
    const waits = !dry && seconds > 0 && deployment !== undefined;
    if (waits) io.progress('Waiting for the webhook to run…');
    // Registered only once it runs: what fails closed must not be put in front of a cluster that cannot pull its image.
    if (waits && !(await rolledOut(connection, deployment, seconds))) {
      const before = admission[0] !== undefined && (await isThere(connection, admission[0]));
      io.say(
        `The pods of the webhook are not ready after ${seconds} s, so ${before ? 'its registration stays as it was: the pods that served before still do, if there are any' : 'it was not registered: nothing is rewritten or rejected'}.`,
      );
      io.say(`See why with: kubectl airgap doctor pulls -n ${args.namespace}`);
      io.say(`Is ${image} in the registry that the nodes reach, and may they pull it? Mend it and install again.`);
      return 1;
    }
    await apply(dry ? admission : await withAuthority(connection, admission, args.namespace));
    // Last: what denies must not be there before what rewrites. Copies of an earlier choice of engine go.
    await replaceCel(connection, copies, dry, told);
    if (waits) io.print('The webhook runs. Apply an AirgapPolicy to begin; its mode Audit changes nothing.\n');
    return 0;
  },
});

/** The exit code where the registry does not have the image or cannot be asked, with what to do; null to go on. */
async function refuse(
  reference: Reference,
  { registry, registryCa }: { readonly registry: readonly string[]; readonly registryCa: string | undefined },
  { env, signal, say }: Io,
): Promise<ExitCode | null> {
  const { doubtOf } = await import('../install/image-check.ts');
  const doubt = await doubtOf(reference, { registries: registry, registryCa, env, signal });
  if (doubt === null) return null;
  const { written, host } = reference;
  if (doubt.is === 'missing') {
    say(`error: ${host} does not have the image ${written}, so nothing was installed.`);
    say(`Put it there and install again, for example: skopeo copy oci-archive:webhook.tar docker://${written}`);
    return 1;
  }
  say(`error: whether ${host} has the image ${written} cannot be seen from here: ${doubt.detail}.`);
  say('Log in, or pass --registry-ca FILE; where the nodes reach it and this machine does not, --skip-image-check.');
  return 3;
}

function imageOf(image: string | undefined): Reference {
  const hint = 'Pass --image with the name that it has in your own registry.';
  if (image === undefined) throw new AirgapError('usage', 'It is not said where the image of the webhook is.', hint);
  const parsed = parseReference(image);
  if (!parsed.ok) throw new AirgapError('usage', `--image: ${parsed.reason}.`, hint);
  return parsed.reference;
}

function secondsOf(text: string): number {
  if (/^[0-9]{1,5}s?$/.test(text)) return Number.parseInt(text, 10);
  throw new AirgapError('usage', `"${text}" is no number of seconds.`, 'Write it as 120.');
}
