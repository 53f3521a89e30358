import type { ImageProbe, ProbeStep } from '../../../shared/registry/probe.ts';
import type { Finding, ObjectRef, Scope, Severity } from '../finding.ts';
import { causeOf } from './cause-of-fault.ts';

/** Where a broken rung is reported: with the image and the pods that need it, or for the registry as a whole. */
export interface About {
  readonly registry: string;
  readonly image?: ImageProbe;
  readonly scope?: Scope;
  readonly severity?: Severity;
  readonly objects: readonly ObjectRef[];
}

export function findingOf(step: ProbeStep, { registry, image, scope, severity, objects }: About): Finding {
  const { cause: seen, confidence, inner, severity: own } = causeOf(step);
  const original = image?.original ?? null;
  const cause = original !== null && seen === 'image-not-found' ? 'mirror-miss' : seen;
  const level = own ?? severity;
  return {
    cause,
    ...(level === undefined ? {} : { severity: level }),
    // Another login than the pod's may be served what the pod is not.
    confidence: confidence === 'certain' && image?.as.startsWith('your own login') === true ? 'likely' : confidence,
    ...(scope === undefined ? {} : { scope }),
    ...(image === undefined ? {} : { image: original ?? image.image }),
    host: step.host,
    facts: {
      role: original === null ? roles[step.role] : 'mirror',
      registry,
      seen: 'here',
      ...(image === undefined || image.as.startsWith('your own login') ? { login: 'own' } : {}),
      ...(isLoop(step) ? { redirects: step.fault === 'redirect-circle' ? 'circular' : 'more than 5' } : {}),
      ...(step.fault === 'host-not-named' ? { named: 'no' } : {}),
      ...(image === undefined ? {} : { upstream: hostIn(original ?? image.image) }),
      ...(image === undefined || image.pullSecrets.length === 0 ? {} : { secrets: image.pullSecrets.join(', ') }),
      ...(original === null || image === undefined ? {} : { mirror: image.image }),
      ...(inner === null ? {} : { inner }),
      ...(step.fault === 'platform-missing' && image !== undefined
        ? { wanted: image.wanted.join(', '), platforms: image.platforms.join(', ') }
        : {}),
    },
    evidence: evidenceOf(step, image),
    objects,
  };
}

function isLoop({ fault }: ProbeStep): boolean {
  return fault === 'redirect-circle' || fault === 'too-many-redirects';
}

function hostIn(image: string): string {
  return image.slice(0, image.indexOf('/'));
}

/** The parts as the texts of the causes know them. */
const roles = { registry: 'registry', 'token service': 'token', 'redirect target': 'redirect' } as const;

function evidenceOf(step: ProbeStep, image: ImageProbe | undefined): string[] {
  const asked = image === undefined ? '' : `, asked as ${image.as}`;
  const lines = [`seen from here, not from a node${asked}: ${rungs[step.step]} ${step.host}: ${step.detail}`];
  if (image?.ownLogin === true)
    lines.push('with your own login the registry serves it: the pod lacks that login, not the image');
  if (image?.ownLogin === false) lines.push('your own login is turned away as well');
  return lines;
}

const rungs: Readonly<Record<ProbeStep['step'], string>> = {
  resolve: 'resolving',
  connect: 'connecting to',
  tls: 'TLS with',
  chain: 'the certificate of',
  dates: 'the certificate of',
  names: 'the certificate of',
  http: 'GET /v2/ of',
  login: 'logging in at',
  manifest: 'the manifest from',
  platforms: 'the platforms from',
  blobs: 'the content from',
};
