import type { CompiledPolicy } from '../compile.ts';
import { byRank, coversAll } from '../namespace.ts';

/** What the webhook does for these policies and their CEL form cannot: one sentence each, never dropped without a word. */
export function whatCelLacks(policies: readonly CompiledPolicy[]): string[] {
  const general = [
    'the objects are a copy of the policies as they are now: make them again after each change, for the API server does not read AirgapPolicies',
    'an operator that recreates its pods because they were rewritten is not noticed, and there are no metrics by rule',
  ];
  const [first, ...never] = policies.filter(coversAll).toSorted(byRank);
  return [
    ...general,
    ...policies.filter((policy) => !never.includes(policy)).flatMap(lackedBy),
    ...never.map(
      ({ name }) => `policy ${name} is left out: policy ${first?.name} covers every namespace too, and goes before it`,
    ),
  ];
}

function lackedBy({ name, mode, exemptions, customResources }: CompiledPolicy): string[] {
  const kinds = [...new Set(customResources.map(({ kind }) => kind))].join(', ');
  const names = [...exemptions.keys()].join(', ');
  return [
    mode === 'Rewrite' &&
      `policy ${name}: the user is not told what was rewritten, because a mutation in CEL cannot warn; the annotation airgap.dev/original-images of the pod says it`,
    names !== '' &&
      mode !== 'Audit' &&
      `policy ${name}: nobody is told that an exemption let an image in; the namespaces ${names} are not looked at`,
    kinds !== '' && `policy ${name}: the custom resources ${kinds} are not judged; kubectl airgap check judges them`,
  ].filter((sentence) => sentence !== false);
}
