import { AirgapError } from '../../shared/errors.ts';
import { record, type Json } from '../../shared/kube/json.ts';
import { readMeta } from '../../shared/kube/meta.ts';
import type { CompiledPolicy } from '../../shared/policy/compile.ts';
import { loadDocuments, readPolicy, type LoadedPolicy } from '../../shared/policy/load.ts';
import { printProblem } from '../../shared/policy/problem.ts';
import { readText } from '../read-text.ts';
import type { Cluster } from '../cluster/cluster.ts';
import { resourceType } from '../cluster/kinds.ts';

/** The policies of a file; throws an `AirgapError` that names every problem with its line. */
export async function policiesOfFile(file: string): Promise<readonly CompiledPolicy[]> {
  return (await readPolicies(file)).map(({ policy }) => policy);
}

/** The same policies as objects, for whoever reads them where those of a cluster would stand. */
export async function policyDocuments(file: string): Promise<readonly Json[]> {
  return (await readPolicies(file)).map(({ document }) => record(document));
}

async function readPolicies(file: string): Promise<readonly LoadedPolicy[]> {
  const loaded = loadDocuments(await readText(file, 'The policy'));
  if (loaded.ok) return loaded.value;
  const problems = loaded.problems.map((problem) => printProblem(file, problem));
  const count = problems.length === 1 ? 'one problem' : `${problems.length} problems`;
  throw new AirgapError(
    'input',
    `The policy ${file} has ${count}:\n${problems.join('\n')}`,
    'Mend it and run the command again.',
  );
}

/**
 * The policies of a cluster or a dump. One that does not load is told and left out, as the webhook leaves it out; throws
 * an `AirgapError` where none can be read.
 */
export async function policiesOfCluster(
  cluster: Cluster,
  say: (line: string) => void,
): Promise<readonly CompiledPolicy[]> {
  let refused = false;
  const loaded = await policiesIfAny(cluster, (line) => {
    refused = true;
    say(line);
  });
  if (loaded.length > 0) return loaded;
  throw new AirgapError(
    'input',
    refused ? `No AirgapPolicy in ${cluster.source} is sound.` : `There is no AirgapPolicy in ${cluster.source}.`,
    'Name a policy file with --policy FILE, or apply one to the cluster.',
  );
}

/** The same where a cluster may have none. */
export async function policiesIfAny(cluster: Cluster, say: (line: string) => void): Promise<readonly CompiledPolicy[]> {
  const found: Json[] = [];
  const gap = await cluster.list(resourceType('airgappolicies'), (raw) => found.push(raw));
  if (gap !== null && gap.why !== 'absent')
    throw new AirgapError(
      gap.why === 'forbidden' ? 'forbidden' : 'unreachable',
      `The AirgapPolicies of ${cluster.source} cannot be read: ${gap.reason}.`,
      'Name a policy file with --policy FILE, or ask for the right to list airgappolicies.airgap.dev.',
    );
  return found.flatMap((raw) => {
    const policy = readPolicy(raw);
    if (policy.ok) return [policy.value];
    const { name } = readMeta(raw);
    for (const problem of policy.problems) say(`warning: ${printProblem(`AirgapPolicy ${name}`, problem)}`);
    return [];
  });
}
