import { array, record, text, texts, type Json } from '../kube/json.ts';
import { faultCodes, type FaultCode, type HostRole } from './fault.ts';

/** The rungs in the order they are climbed: those of a host first, then those of an image. */
export const probeSteps = [
  'resolve',
  'connect',
  'tls',
  'chain',
  'dates',
  'names',
  'http',
  'login',
  'manifest',
  'platforms',
  'blobs',
] as const;

export type ProbeStepName = (typeof probeSteps)[number];

/** What one rung showed, seen from the machine that the plugin ran on: a node may see something else. */
export interface ProbeStep {
  readonly step: ProbeStepName;
  readonly ok: boolean;
  /** Null exactly where `ok`. */
  readonly fault: FaultCode | null;
  /** The host that was spoken to, or would have been. */
  readonly host: string;
  readonly role: HostRole;
  readonly detail: string;
}

/** One image that pods take from the host. */
export interface ImageProbe {
  /** Normalised, with the tag and digest as the pod has them. */
  readonly image: string;
  /** What the pods name, where a policy has this image in its place; null where they name this one. */
  readonly original: string | null;
  /** The namespace whose pull secrets were used; empty for an image that already runs, which is asked for once. */
  readonly namespace: string;
  /** The names of those secrets, in the order that the waiting pods have them. */
  readonly pullSecrets: readonly string[];
  /** Some pod waits for it. */
  readonly failing: boolean;
  /** Whose login was sent: `pull secret NAMESPACE/NAME`, `your own login` or `anonymous`. */
  readonly as: string;
  readonly steps: readonly ProbeStep[];
  /** Whether the user's own login was accepted where the pod's was not; null where it was not tried. */
  readonly ownLogin: boolean | null;
  /** `linux/amd64` of each image behind the reference; empty where it could not be told. */
  readonly platforms: readonly string[];
  /** By which a runtime may know what the registry serves: the manifest's, its platforms' and their config's. */
  readonly digests: readonly string[];
  /** The platforms of the nodes that need it. */
  readonly wanted: readonly string[];
}

export interface RegistryProbe {
  readonly host: string;
  readonly scheme: 'https' | 'http';
  readonly steps: readonly ProbeStep[];
  /** PEM, the registry's own certificate first; empty where no handshake came so far. */
  readonly certificates: readonly string[];
  readonly images: readonly ImageProbe[];
}

const known: ReadonlySet<string> = new Set(faultCodes);
const rungs: ReadonlySet<string> = new Set(probeSteps);

/** One registry's probe from a recording; undefined for what names no host. */
export function readRegistryProbe(raw: Json): RegistryProbe | undefined {
  const host = text(raw['host']);
  if (host === undefined) return undefined;
  return {
    host,
    scheme: raw['scheme'] === 'http' ? 'http' : 'https',
    steps: array(raw['steps']).flatMap(readStep),
    certificates: texts(raw['certificates']),
    images: array(raw['images']).map(record).flatMap(readImage),
  };
}

function readImage(raw: Json): ImageProbe[] {
  const image = text(raw['image']);
  if (image === undefined) return [];
  return [
    {
      image,
      original: text(raw['original']) ?? null,
      namespace: text(raw['namespace']) ?? '',
      pullSecrets: texts(raw['pullSecrets']),
      failing: raw['failing'] === true,
      as: text(raw['as']) ?? 'anonymous',
      steps: array(raw['steps']).flatMap(readStep),
      ownLogin: typeof raw['ownLogin'] === 'boolean' ? raw['ownLogin'] : null,
      platforms: texts(raw['platforms']),
      digests: texts(raw['digests']),
      wanted: texts(raw['wanted']),
    },
  ];
}

function readStep(value: unknown): ProbeStep[] {
  const raw = record(value);
  const step = text(raw['step']) ?? '';
  const host = text(raw['host']);
  const fault = text(raw['fault']);
  const role = raw['role'];
  if (!rungs.has(step) || host === undefined) return [];
  return [
    {
      step: step as ProbeStepName,
      ok: raw['ok'] === true && fault === undefined,
      // A newer release may know faults that this one does not; that something failed is still true.
      fault: raw['ok'] === true ? null : ((known.has(fault ?? '') ? fault : 'unexpected-status') as FaultCode),
      host,
      role: role === 'token service' || role === 'redirect target' ? role : 'registry',
      detail: text(raw['detail']) ?? '',
    },
  ];
}
