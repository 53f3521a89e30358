import type { Snapshot } from '../../../../plugin/cluster/snapshot.ts';
import { pullChecks } from '../../../../plugin/doctor/checks/pulls.ts';
import type { ReportCheck } from '../../../../plugin/doctor/report.ts';
import type { Json } from '../../../../shared/kube/json.ts';
import { collected, rowOf, type Gaps } from '../snapshot.ts';

/** A cluster in a few words; what is left out is empty. The node `n1` runs containerd 2.4 unless it is said. */
export interface Situation {
  readonly pods?: readonly Json[];
  readonly events?: readonly Json[];
  readonly secrets?: readonly Json[];
  readonly runtime?: string;
  readonly kubelet?: string;
  readonly gaps?: Gaps;
}

interface PodWords {
  readonly image?: string;
  readonly reason?: string;
  readonly message?: string;
  readonly scope?: 'container' | 'init' | 'ephemeral';
  readonly phase?: string;
  readonly deleted?: boolean;
  readonly uid?: string;
  readonly secrets?: readonly string[];
  readonly volume?: string;
  /** The container runs. */
  readonly running?: boolean;
  /** Nothing is known of its containers yet. */
  readonly silent?: boolean;
}

export const image = 'registry.example.com/team/app:1.0';
const lists = {
  container: ['containers', 'containerStatuses'],
  init: ['initContainers', 'initContainerStatuses'],
  ephemeral: ['ephemeralContainers', 'ephemeralContainerStatuses'],
} as const;

/** `ns/name` and what is special about it. */
export function pod(path: string, words: PodWords = {}): Json {
  const [namespace, name] = path.split('/');
  const { reason = 'ErrImagePull', message = '', scope = 'container', secrets = [] } = words;
  const [spec, status] = lists[scope];
  const used = words.image ?? image;
  const state = words.running === true ? { running: {} } : { waiting: { reason, message } };
  return {
    metadata: {
      namespace,
      name,
      uid: words.uid ?? `uid-${path}`,
      ...(words.deleted === true ? { deletionTimestamp: '2026-01-01T00:00:00Z' } : {}),
    },
    spec: {
      nodeName: 'n1',
      [spec]: [{ name: 'main', image: used }],
      imagePullSecrets: secrets.map((secret) => ({ name: secret })),
      volumes: words.volume === undefined ? [] : [{ name: 'data', image: { reference: words.volume } }],
    },
    status: {
      phase: words.phase ?? 'Pending',
      ...(words.silent === true ? {} : { [status]: [{ name: 'main', image: used, state }] }),
    },
  };
}

/** An event about a pod's container `main`, or about the pod itself. */
export function event(path: string, reason: string, message: string, more: Json = {}): Json {
  const [namespace, name] = path.split('/');
  const { field = 'spec.containers{main}', uid = `uid-${path}`, last = '2026-01-01T00:00:00Z' } = more;
  return {
    metadata: { namespace, name: 'e' },
    type: 'Warning',
    reason,
    message,
    lastTimestamp: last,
    involvedObject: { kind: 'Pod', namespace, name, uid, fieldPath: field },
  };
}

/** A pull secret with entries for these hosts. */
export function secret(path: string, hosts: readonly string[], more: Json = {}): Json {
  const [namespace, name] = path.split('/');
  const auths = Object.fromEntries(hosts.map((host) => [host, { auth: btoa('puller:s3cret-password') }]));
  const data = { '.dockerconfigjson': btoa(JSON.stringify({ auths })) };
  return { metadata: { namespace, name }, type: 'kubernetes.io/dockerconfigjson', data, ...more };
}

export function snapshotOf(situation: Situation): Snapshot {
  const { pods = [], events = [], secrets = [], gaps = {}, runtime = 'containerd://2.4.2' } = situation;
  const nodeInfo = { containerRuntimeVersion: runtime, kubeletVersion: situation.kubelet ?? 'v1.37.2' };
  const raws = {
    pods,
    events,
    secrets,
    nodes: [{ metadata: { name: 'n1' }, status: { nodeInfo } }],
  };
  return collected(raws, gaps);
}

/** What one check says of a situation. */
export function examine(id: string, situation: Situation): ReportCheck {
  const check = pullChecks.find((one) => one.id === id);
  return rowOf(check, snapshotOf(situation), { now: new Date(0) });
}

/** "error net-refused certain container registry.example.com registry.example.com/team/app:1.0 app/a (main)". */
export function lines({ findings }: ReportCheck): string[] {
  return findings.map(({ severity, cause, confidence, scope, host, image: of, objects }) =>
    [
      severity,
      cause,
      confidence,
      scope ?? '-',
      host ?? '-',
      of ?? '-',
      objects
        .map(
          ({ namespace, name, container }) => `${namespace}/${name}${container === undefined ? '' : ` (${container})`}`,
        )
        .join(', '),
    ].join(' '),
  );
}
