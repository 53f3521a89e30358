import type { ImageProbe, RegistryProbe } from '../../../shared/registry/probe.ts';
import type { Registries } from '../client.ts';
import type { Keychain } from '../keychain.ts';
import { isNamed, type NamedHost } from '../named-hosts.ts';
import type { Wire } from '../wire.ts';
import { inTurns } from '../../in-turns.ts';
import type { Askers } from './pod-login.ts';
import { probeHost } from './probe-host.ts';
import { probeImage } from './probe-image.ts';
import type { WantedImage } from './wanted-images.ts';

export interface ProbeRequest {
  readonly wire: Wire;
  readonly registries: Registries;
  readonly named: readonly NamedHost[];
  readonly images: readonly WantedImage[];
  /** The user's own logins. */
  readonly own: Keychain;
  readonly askers: Askers;
  readonly now: Date;
  readonly signal: AbortSignal;
}

export interface ProbeResult {
  readonly probes: readonly RegistryProbe[];
  /** Hosts and images for which there was no time left. */
  readonly unasked: number;
}

const imagesAtATime = 8;

/** Probes every named host, and the images that pods take from those that answer. Hosts go side by side. */
export async function probeRegistries(request: ProbeRequest): Promise<ProbeResult> {
  const { wire, registries, named, images, own, askers, now, signal } = request;
  let unasked = 0;
  const probes = await inTurns(
    hostsToProbe(named, images),
    imagesAtATime,
    async (host): Promise<RegistryProbe | null> => {
      const { probe, usable } = await probeHost(wire, registries, own, host, now, signal);
      const wanted = images.filter(({ reference }) => reference.host === host.host);
      if (probe.steps.some(({ fault }) => fault === 'out-of-time')) {
        unasked += 1 + wanted.length;
        return null;
      }
      const asked = usable
        ? await inTurns(wanted, imagesAtATime, async (image): Promise<ImageProbe | null> => {
            if (signal.aborted) return null;
            const seen = await probeImage(registries, image, await askers(image), own);
            return seen.steps.some(({ fault }) => fault === 'out-of-time') ? null : seen;
          })
        : [];
      unasked += asked.filter((image) => image === null).length;
      return { ...probe, images: asked.filter((image) => image !== null) };
    },
  );
  return { probes: probes.filter((probe) => probe !== null), unasked };
}

/** A name without a port stands for every port that images name; each of those is a registry of its own. */
function hostsToProbe(named: readonly NamedHost[], images: readonly WantedImage[]): NamedHost[] {
  const hosts = new Map(named.map((known) => [known.host, known]));
  for (const { reference } of images) {
    const plainHttp = named.some((known) => known.plainHttp && isNamed(reference.host, [known]));
    if (!hosts.has(reference.host) && isNamed(reference.host, named))
      hosts.set(reference.host, { host: reference.host, plainHttp });
  }
  return [...hosts.values()].toSorted((a, b) => (a.host < b.host ? -1 : 1));
}
