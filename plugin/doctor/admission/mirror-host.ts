import { parseReference, repositoryOf } from '../../../shared/image/reference.ts';
import type { CompiledPolicy } from '../../../shared/policy/compile.ts';
import { hostsOf } from '../../policy/policy-hosts.ts';
import type { Facts } from '../finding.ts';
import { shell } from '../shell.ts';

/** The registry that a policy sends images to; undefined where it names none. */
export function mirrorHost(policies: readonly CompiledPolicy[]): string | undefined {
  const targets = policies.flatMap(({ verdicts }) =>
    [...verdicts.values()].flatMap((verdict) => (verdict.does === 'rewrite' ? [verdict.target] : [])),
  );
  return targets[0]?.split('/')[0] ?? hostsOf(policies)[0];
}

/**
 * The rule that lets an image come from the mirror, as a line of a policy file (`mirrorRule`) and as the command that adds it
 * to the policy in the cluster (`mirrorIt`); nothing where no rule of the usual form can.
 */
export function mirrorFacts(policy: CompiledPolicy, image: string): Facts {
  const parsed = parseReference(image);
  const host = mirrorHost([policy]);
  if (!parsed.ok || host === undefined) return {};
  const repository = repositoryOf(parsed.reference);
  const sourcePrefix = repository.slice(0, repository.lastIndexOf('/'));
  const [, ...path] = sourcePrefix.split('/');
  const rule = { sourcePrefix, targetPrefix: [host, ...path].join('/') };
  const listed = [...policy.verdicts.values()].some(({ does }) => does === 'rewrite');
  const patch = [{ op: 'add', path: listed ? '/spec/mirrors/-' : '/spec/mirrors', value: listed ? rule : [rule] }];
  return {
    mirrorRule: `- {sourcePrefix: ${plain(rule.sourcePrefix)}, targetPrefix: ${plain(rule.targetPrefix)}}`,
    mirrorIt: `kubectl patch airgappolicy ${shell(policy.name)} --type=json -p ${shell(JSON.stringify(patch))}`,
  };
}

/** Quoted where YAML would read something else: an address in brackets. */
function plain(prefix: string): string {
  return prefix.startsWith('[') ? JSON.stringify(prefix) : prefix;
}
