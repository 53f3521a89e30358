import { setTimeout as wait } from 'node:timers/promises';
import { objectToJudge } from '../../../../shared/policy/cel/fast.ts';
import { celObjects } from '../../../../shared/policy/cel/objects.ts';
import { admissionObjects } from '../../../../plugin/install/admission-objects.ts';
import { changesFor } from '../../../../webhook/cluster/asked.ts';
import { applyPatch } from '../../../shared/policy/apply-patch.ts';
import type { Manifest } from '../../api.ts';
import { namespaceOf, policyName, policyOf, ruleSets, type Engine } from './rules.ts';

/**
 * What `install` registers for an engine, limited to its namespaces and, since the webhook has no Service here, by URL.
 * Names are told apart by the engine, for all of them are in one cluster.
 */
export function registered(engine: Engine, port: number, ca: string): Manifest[] {
  const policies = ruleSets.map((set) => policyOf(set, [engine]));
  if (engine === 'cel') return [...celObjects(policies)];
  const url = (at: string): object => ({
    clientConfig: { url: `https://127.0.0.1:${port}${at}`, caBundle: Buffer.from(ca).toString('base64') },
  });
  const configurations = admissionObjects('airgap-system', engine === 'both').map((object) => ({
    ...object,
    metadata: { name: `airgap-${engine}` },
    webhooks: (object['webhooks'] as readonly object[]).map((webhook) => ({
      ...webhook,
      ...url(object.kind.startsWith('Mutating') ? '/mutate' : '/validate'),
      namespaceSelector: { matchLabels: { engine } },
    })),
  }));
  if (engine === 'webhook') return configurations.flatMap(askingByRules);
  const behind = policies.map((policy) => ({ ...policy, name: `behind-${policy.name}` }));
  return [...configurations, ...celObjects(behind, { parts: 'validate' })];
}

/** As the webhook itself keeps its validating configuration: it is asked where a set of rules leaves something to judge. */
function askingByRules(configuration: Manifest): Manifest[] {
  if (configuration.kind.startsWith('Mutating')) return [configuration];
  return ruleSets.map((set) => {
    const asked = { exempt: [], toJudge: objectToJudge([policyOf(set, ['webhook'])]), custom: [] };
    const values = [namespaceOf(set, 'webhook'), namespaceOf(set, 'webhook', true)];
    const webhooks = (configuration['webhooks'] as readonly object[]).map((webhook) => ({
      ...webhook,
      namespaceSelector: { matchExpressions: [{ key: 'kubernetes.io/metadata.name', operator: 'In', values }] },
    }));
    const one = { ...configuration, metadata: { name: policyName(set) }, webhooks };
    return applyPatch(one, changesFor(asked, webhooks, 'validates')) as Manifest;
  });
}

/** Waits until something holds, for ten seconds. */
export async function soon(what: string, holds: () => Promise<boolean>): Promise<void> {
  for (let left = 100; !(await holds()); left -= 1) {
    if (left === 0) throw new Error(`waited in vain for ${what}`);
    await wait(100);
  }
}
