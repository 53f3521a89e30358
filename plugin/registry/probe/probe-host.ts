import type { ProbeStep, RegistryProbe } from '../../../shared/registry/probe.ts';
import type { Registries } from '../client.ts';
import type { Keychain } from '../keychain.ts';
import { addressOf, isLoopback, type NamedHost } from '../named-hosts.ts';
import type { Wire } from '../wire.ts';
import { connectTo, resolveName, shakeHands } from './handshake.ts';
import { judgeChain, pemsOf } from './judge-chain.ts';
import { failed, faulted, passed } from './steps.ts';

/** What one host showed, without its images; they are asked for only where `usable`. */
export interface HostProbe {
  readonly probe: Omit<RegistryProbe, 'images'>;
  readonly usable: boolean;
}

/** Climbs from the name to the login, and stops at the first rung that breaks; the parts of TLS are all looked at. */
export async function probeHost(
  wire: Wire,
  registries: Registries,
  keychain: Keychain,
  { host, plainHttp }: NamedHost,
  now: Date,
  signal: AbortSignal,
): Promise<HostProbe> {
  const steps: ProbeStep[] = [];
  let certificates: readonly string[] = [];
  let scheme: 'http' | 'https' = plainHttp ? 'http' : 'https';
  const url = addressOf(host, scheme);
  const end = (usable: boolean): HostProbe => ({ probe: { host, scheme, steps, certificates }, usable });
  const stop = (step: ProbeStep): HostProbe => {
    steps.push(step);
    return end(false);
  };

  const resolved = await resolveName(wire, url.hostname, signal);
  if ('fault' in resolved) return stop(failed('resolve', url.host, resolved.fault, resolved.detail));
  steps.push(passed('resolve', url.host, resolved.value.join(', ')));

  const connected = await connectTo(wire, url, signal);
  if ('fault' in connected) return stop(failed('connect', url.host, connected.fault, connected.detail));
  steps.push(passed('connect', url.host, 'the port is open'));

  if (plainHttp) connected.value.destroy();
  else {
    const hands = await shakeHands(wire, url, connected.value, signal);
    if ('value' in hands) {
      certificates = pemsOf(hands.value.chain);
      steps.push(passed('tls', url.host, 'it speaks TLS'), ...judgeChain(hands.value, url, wire.trust, now));
      if (steps.some(({ ok }) => !ok)) return end(false);
    } else if (hands.fault === 'plain-http' && isLoopback(url.hostname)) scheme = 'http';
    else return stop(failed('tls', url.host, hands.fault, hands.detail));
  }

  const greeting = await registries.ping(host);
  if (!greeting.ok) return stop(faulted('http', greeting.fault));
  steps.push(passed('http', url.host, greeting.value.guarded ? 'a registry that asks who is there' : 'a registry'));
  if (greeting.value.guarded) steps.push(await logIn(registries, keychain, host, url));
  return end(true);
}

async function logIn(registries: Registries, keychain: Keychain, host: string, url: URL): Promise<ProbeStep> {
  const own = await keychain(host);
  const outcome = await registries.as(keychain).logIn(host);
  const as = own === null ? 'without a login' : 'with your own login';
  if (outcome.ok) return passed('login', url.host, `it lets in ${as}`);
  const { fault } = outcome;
  const stranger =
    own === null && fault.role === 'registry' && (fault.code === 'unauthorized' || fault.code === 'denied');
  // Having no login on this machine says nothing of the pods, whose own secrets are tried with their images.
  return stranger
    ? passed('login', url.host, 'it asks for a login, and there is none for it here')
    : faulted('login', fault);
}
