import { homedir } from 'node:os';
import type { CompiledPolicy } from '../../../shared/policy/compile.ts';
import { decide } from '../../../shared/policy/decide.ts';
import { namespaceNamed, policyFor } from '../../../shared/policy/namespace.ts';
import { soundPolicies } from '../../../shared/policy/policy-object.ts';
import { hostsOf } from '../../policy/policy-hosts.ts';
import { openRegistries } from '../../registry/client.ts';
import { localKeychain } from '../../registry/keychain.ts';
import { parseNamedHost } from '../../registry/named-hosts.ts';
import { askers } from '../../registry/probe/pod-login.ts';
import { probeRegistries } from '../../registry/probe/probe-registries.ts';
import { wantedImages } from '../../registry/probe/wanted-images.ts';
import { once } from '../../registry/retry.ts';
import { openWire, patience } from '../../registry/wire.ts';
import type { Observer } from '../observer.ts';

/** A person waits for the report: what takes longer than this is said not to have been asked. */
const longest = 30_000;
const brisk = { ...patience, resolve: 4000, connect: 4000, tls: 4000, headers: 6000, idle: 6000, document: 10_000 };

/** Looks at the registries that the user named, from this machine, and at nothing else. */
export const observeRegistries: Observer = async (connection, snapshot, options, visit) => {
  const policies = soundPolicies(snapshot.airgappolicies.items);
  const hosts = [...new Set([...options.registries, ...hostsOf(policies)])];
  if (hosts.length === 0)
    return { why: 'not-asked', reason: 'no registry was named: name one with --registry HOST, or give a policy' };
  const named = hosts.map(parseNamedHost);
  const signal = AbortSignal.any([options.signal, AbortSignal.timeout(longest)]);
  const wire = openWire({ patience: brisk, ...(options.registryCa === undefined ? {} : { ca: options.registryCa }) });
  const own = localKeychain(process.env, homedir());
  const registries = openRegistries({ named, keychain: own, wire, persistence: once, signal });
  try {
    const { probes, unasked } = await probeRegistries({
      wire,
      registries,
      named,
      images: wantedImages(snapshot.pods.items, snapshot.nodes.items, mirroredBy(policies)),
      own,
      askers: askers(connection, own, signal),
      now: new Date(),
      signal,
    });
    for (const probe of probes) visit({ ...probe });
    if (unasked === 0) return null;
    return {
      why: 'failed',
      reason: `${longest / 1000} s were over before ${unasked} registries and images were asked for`,
    };
  } finally {
    registries.close();
  }
};

/** What the policy that is in force in a namespace puts in an image's place; null where it leaves it. */
function mirroredBy(policies: readonly CompiledPolicy[]): (image: string, namespace: string) => string | null {
  return (image, namespace) => {
    const policy = policyFor(policies, namespaceNamed(namespace));
    if (policy === null || policy.exemptions.has(namespace)) return null;
    const { action, result } = decide(policy, image);
    return action === 'rewrite' ? result : null;
  };
}
