import type { Manifest } from './api.ts';
import { createAuthority } from './certificates.ts';
import type { Stage } from './faults/fault.ts';
import { faults } from './faults/index.ts';
import { waitFor } from './processes.ts';

/** Which faults the broken cluster has, and the workload that each one hits. */
const placements: Readonly<Record<string, readonly [namespace: string, workload: string]>> = {
  'mirror-lacks-it': ['shop', 'cache'],
  expired: ['shop', 'web'],
  'no-secret': ['shop', 'cart'],
  'no-tag': ['shop', 'search'],
  'unknown-ca': ['payments', 'api'],
  'one-platform': ['payments', 'ledger'],
  'no-login': ['payments', 'fraud-check'],
  'dns-unknown': ['monitoring', 'exporter'],
  refused: ['monitoring', 'alerts'],
  busy: ['monitoring', 'dashboard'],
  'plain-http': ['tools', 'runner'],
  portal: ['tools', 'docs'],
  'bad-name': ['tools', 'wiki'],
  never: ['tools', 'backup'],
  'no-runtime': ['tools', 'sandboxed'],
};

const day = 24 * 60 * 60 * 1000;
const fromNow = (days: number): Date => new Date(Date.now() + days * day);
const base64 = (text: string): string => Buffer.from(text).toString('base64');

/**
 * Leaves a cluster in the state that an operator calls about: workloads in four namespaces that cannot pull, each for
 * another reason, certificates and webhooks that have gone bad, and roles that do not fit. Everything is real but the
 * one event that an application would have written about its denied request.
 */
export async function breakCluster(stage: Stage): Promise<void> {
  const { api, registries } = stage.cluster;
  const namespaces = ['shop', 'payments', 'monitoring', 'tools'];
  const chosen = faults.filter(({ id }) => id in placements);
  for (const name of namespaces) await api.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
  for (const fault of chosen) {
    await fault.arrange?.(stage);
    const [namespace, name] = placements[fault.id] ?? ['', ''];
    await api.apply(
      deployment(namespace, name, fault.image, fault.spec, fault.container, fault.id.startsWith('no-t') ? 2 : 1),
    );
  }
  // `never` wants an image that is in the registry and not on the node, so what runs is another one.
  const good = await registries.main.push('shop/front:1', stage.image);
  for (const namespace of namespaces) await api.apply(deployment(namespace, 'front', good));
  await api.apply(...certificates(), ...roles());
  await api.apply(deployment('shop', 'reports', good, { serviceAccountName: 'reporter' }));
  await recordDenial(stage);
  await waitFor('the faults show', () => allShow(stage), { seconds: 120 });
}

function deployment(
  namespace: string,
  name: string,
  image: string,
  spec: Readonly<Record<string, unknown>> = {},
  container: Readonly<Record<string, unknown>> = {},
  replicas = 1,
): Manifest {
  const labels = { app: name };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace, labels },
    spec: {
      replicas,
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: { terminationGracePeriodSeconds: 0, containers: [{ name: 'main', image, ...container }], ...spec },
      },
    },
  };
}

function certificates(): Manifest[] {
  const authority = createAuthority('Example internal CA', { notBefore: fromNow(-1200), notAfter: fromNow(900) });
  const past = createAuthority('Example webhook CA', { notBefore: fromNow(-400), notAfter: fromNow(-30) });
  const leaf = (namespace: string, name: string, from: number, to: number): Manifest => {
    const host = `${name.replace(/-tls$/v, '')}.internal`;
    const issued = authority.issue({
      commonName: host,
      names: [host],
      notBefore: fromNow(from),
      notAfter: fromNow(to),
    });
    return {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name, namespace },
      type: 'kubernetes.io/tls',
      data: {
        'tls.crt': base64(issued.certificate),
        'tls.key': base64(issued.key),
        'ca.crt': base64(authority.certificate),
      },
    };
  };
  return [
    leaf('shop', 'web-tls', -380, -15),
    leaf('payments', 'api-tls', -360, 5),
    leaf('monitoring', 'grafana-tls', -10, 355),
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'policy', namespace: 'tools' },
      spec: { selector: { app: 'policy' }, ports: [{ port: 443 }] },
    },
    {
      apiVersion: 'admissionregistration.k8s.io/v1',
      kind: 'ValidatingWebhookConfiguration',
      metadata: { name: 'policy.example.com' },
      webhooks: [
        {
          name: 'policy.example.com',
          admissionReviewVersions: ['v1'],
          sideEffects: 'None',
          failurePolicy: 'Fail',
          clientConfig: {
            service: { namespace: 'tools', name: 'policy', path: '/validate' },
            caBundle: base64(past.certificate),
          },
          // Nothing that the rest of the cluster creates.
          rules: [{ apiGroups: ['batch'], apiVersions: ['v1'], operations: ['CREATE'], resources: ['cronjobs'] }],
        },
      ],
    },
  ];
}

function roles(): Manifest[] {
  const rbac = 'rbac.authorization.k8s.io';
  const bind = (namespace: string, name: string, role: string, account: string): Manifest => ({
    apiVersion: `${rbac}/v1`,
    kind: 'RoleBinding',
    metadata: { name, namespace },
    roleRef: { apiGroup: rbac, kind: 'Role', name: role },
    subjects: [{ kind: 'ServiceAccount', name: account, namespace }],
  });
  return [
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'reporter', namespace: 'shop' } },
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'scraper', namespace: 'monitoring' } },
    bind('monitoring', 'scraper', 'pod-reader', 'scraper'),
    {
      apiVersion: `${rbac}/v1`,
      kind: 'Role',
      metadata: { name: 'job-runner', namespace: 'tools' },
      rules: [{ apiGroups: ['batch'], resources: ['jobs'], verbs: ['get', 'list', 'create'] }],
    },
    bind('tools', 'job-runner', 'job-runner', 'deleted-account'),
  ];
}

/** What the application behind the `reporter` account reports after the API server has refused it. */
async function recordDenial({ cluster }: Stage): Promise<void> {
  const denial = await cluster
    .kubectl(['get', 'configmaps', '-n', 'shop', '--as=system:serviceaccount:shop:reporter'])
    .then(
      () => '',
      (error: unknown) => (error instanceof Error ? error.message : String(error)),
    );
  const message = denial.split('\n').find((line) => line.includes('is forbidden')) ?? '';
  const now = new Date().toISOString().replace(/\.\d+Z$/v, 'Z');
  await cluster.api.apply({
    apiVersion: 'v1',
    kind: 'Event',
    metadata: { name: 'reports.denied', namespace: 'shop' },
    type: 'Warning',
    reason: 'ReportFailed',
    message: message.replace(/^Error from server \(Forbidden\): /v, ''),
    involvedObject: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'reports', namespace: 'shop' },
    source: { component: 'reports' },
    firstTimestamp: now,
    lastTimestamp: now,
    count: 1,
  });
}

interface Pod {
  readonly metadata: { readonly labels: { readonly app?: string } };
  readonly status?: {
    readonly phase?: string;
    readonly containerStatuses?: readonly { readonly state?: { readonly waiting?: { readonly message?: string } } }[];
  };
}

async function allShow({ cluster }: Stage): Promise<boolean> {
  const { items } = await cluster.api.get<{ items: readonly Pod[] }>('/api/v1/pods');
  // A pod whose sandbox cannot be made has no message of its own.
  const waiting = items.filter(
    ({ status, metadata }) => status?.phase !== 'Running' && metadata.labels.app !== 'sandboxed',
  );
  const isTold = ({ status }: Pod): boolean => (status?.containerStatuses?.[0]?.state?.waiting?.message ?? '') !== '';
  return items.length > Object.keys(placements).length && waiting.every(isTold);
}
