import { celDrift, type CelDrift } from '../../../shared/policy/cel/drift.ts';
import { celObjects, type CelOptions } from '../../../shared/policy/cel/objects.ts';
import type { CompiledPolicy } from '../../../shared/policy/compile.ts';
import { soundPolicies } from '../../../shared/policy/policy-object.ts';
import type { Snapshot } from '../../cluster/snapshot.ts';
import { celKinds, enforcersOf, unseenCel } from '../admission/enforcers.ts';
import { installOf } from '../admission/install-of.ts';
import type { Check } from '../check.ts';
import type { Finding } from '../finding.ts';
import { shell } from '../shell.ts';

export const celAgrees: Check = {
  id: 'AG-ADM-007',
  category: 'admission',
  title: 'the CEL objects in the cluster are those that the policies make',
  explanation:
    'Admission policies in CEL are a copy of the AirgapPolicies at the time when they were made: the API server does not read AirgapPolicies. Where such objects are in the cluster, by their label, they are made anew here from the policies of now and compared, specification by specification, in each of the forms in which they can have been made (all of them, or only the validation behind the webhook). What is missing, changed or left over is told. Other people’s admission policies are not looked at, and without any of ours there is nothing to compare.',
  needs: ['airgappolicies'],
  wants: [...celKinds, 'mutatingwebhookconfigurations'],
  run: (snapshot, { policyFile }) => {
    const found = celKinds.flatMap((kind) => snapshot[kind].items.map(({ raw }) => raw));
    if (found.length === 0) return [];
    const policies = soundPolicies(snapshot.airgappolicies.items);
    const forms = formsFor(snapshot, policyFile).map((form) => ({
      form,
      drift: celDrift(made(policies, form.options), found),
    }));
    const [closest] = forms.toSorted((a, b) => a.drift.length - b.drift.length);
    if (closest === undefined || closest.drift.length === 0) return [];
    return [told(closest.drift, closest.form.command, policyFile)];
  },
  unseen: (snapshot) => {
    return unseenCel(snapshot) === null ? null : { decisive: true, reason: 'there was nothing to compare' };
  },
};

interface Form {
  readonly options: CelOptions;
  /** By which it was made, and makes it again. */
  readonly command: string;
}

/** The ways in which they can have been made; of several the one that differs least is the one that was. */
function formsFor(snapshot: Snapshot, policyFile: string | undefined): Form[] {
  const of = policyFile === undefined ? '' : ` --policy ${shell(policyFile)}`;
  const webhooks = enforcersOf(snapshot).filter(({ called }) => called !== null);
  const { image, webhookNamespace } = installOf(snapshot, webhooks);
  const namespace = shell(webhookNamespace);
  const leftOut = ['kube-system', webhookNamespace];
  // Only the installation leaves out the namespace of the webhook beside kube-system.
  const installed = [
    ...snapshot.mutatingadmissionpolicybindings.items,
    ...snapshot.validatingadmissionpolicybindings.items,
  ].some(({ namespaceSelector }) =>
    namespaceSelector.expressions.some(
      ({ operator, values }) => operator === 'NotIn' && values.includes(webhookNamespace),
    ),
  );
  if (!installed) return [{ options: {}, command: `kubectl airgap export --to cel${of} | kubectl apply -f -` }];
  const alone: Form = { options: { leftOut }, command: `kubectl airgap install --engine cel -n ${namespace}${of}` };
  // Beside a webhook that rewrites only the validation may have been put, as its backstop.
  const backstop =
    snapshot.mutatingadmissionpolicies.items.length === 0 && webhooks.some(({ does }) => does === 'rewrite');
  if (!backstop) return [alone];
  const command = `kubectl airgap install --engine both -n ${namespace} --image ${shell(image)}${of}`;
  return [{ options: { leftOut, parts: 'validate' }, command }, alone];
}

function made(policies: readonly CompiledPolicy[], options: CelOptions): ReturnType<typeof celObjects> {
  return policies.length === 0 ? [] : celObjects(policies, options);
}

function told(drift: readonly CelDrift[], command: string, policyFile: string | undefined): Finding {
  const extra = drift.filter(({ what }) => what === 'extra');
  const count = (what: CelDrift['what']): string[] => {
    const number = drift.filter((one) => one.what === what).length;
    return number === 0 ? [] : [`${number} ${what}`];
  };
  return {
    cause: 'cel-drift',
    // A file that is only looked at need not be in force.
    ...(policyFile === undefined ? {} : { severity: 'warning' }),
    confidence: 'certain',
    facts: {
      ...(policyFile === undefined ? {} : { file: policyFile }),
      counts: [...count('changed'), ...count('missing'), ...count('extra')].join(', '),
      ...(extra.length === drift.length ? {} : { renew: command }),
      ...(extra.length === 0
        ? {}
        : { remove: extra.map(({ kind, name }) => `kubectl delete ${kind.toLowerCase()} ${shell(name)}`).join('\n') }),
    },
    evidence: drift.map(({ kind, name, what }) => `${kind} ${name} is ${what}`),
    objects: drift.map(({ kind, name }) => ({ kind, name })),
  };
}
