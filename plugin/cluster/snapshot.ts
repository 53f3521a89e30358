import type { Kubeconfig, PkiFile, TlsEndpoint } from '../../shared/cert/observed.ts';
import type { ApiService } from '../../shared/kube/api-service.ts';
import type { CertificateRequest } from '../../shared/kube/certificate-request.ts';
import type { Issuer } from '../../shared/kube/issuer.ts';
import type { ManagedCertificate } from '../../shared/kube/cert-manager.ts';
import type { ConfigMap } from '../../shared/kube/config-map.ts';
import type { ConvertedCrd } from '../../shared/kube/crd.ts';
import type { EndpointSlice } from '../../shared/kube/endpoint-slice.ts';
import type { Event } from '../../shared/kube/event.ts';
import type { Meta } from '../../shared/kube/meta.ts';
import type { Node } from '../../shared/kube/node.ts';
import type { Pod } from '../../shared/kube/pod.ts';
import type { Binding, Role } from '../../shared/kube/rbac.ts';
import type { Secret } from '../../shared/kube/secret.ts';
import type { CelObject } from '../../shared/policy/cel/cel-object.ts';
import type { PolicyObject } from '../../shared/policy/policy-object.ts';
import type { Refused } from '../../shared/kube/refused.ts';
import type { ServiceAccount } from '../../shared/kube/service-account.ts';
import type { Source } from '../../shared/kube/source.ts';
import type { Service } from '../../shared/kube/service.ts';
import type { Workload } from '../../shared/kube/workload.ts';
import type { WebhookConfiguration } from '../../shared/kube/webhook-configuration.ts';
import type { Tool } from '../../shared/tool.ts';
import type { RegistryProbe } from '../../shared/registry/probe.ts';
import type { LockDifference } from '../supply/verify/lock-difference.ts';

/**
 * What was collected of the cluster, reduced while it arrived to what checks read. A resource has the name that
 * `kubectl get` understands; an observation (what a connection or a local file showed) has a name of its own and is
 * read and recorded the same way, so that a check runs alike on a live cluster and on a dump.
 */
export interface Kinds {
  pods: Pod;
  events: Event;
  nodes: Node;
  namespaces: { readonly meta: Meta };
  serviceaccounts: ServiceAccount;
  roles: Role;
  clusterroles: Role;
  rolebindings: Binding;
  clusterrolebindings: Binding;
  deployments: Workload;
  statefulsets: Workload;
  daemonsets: Workload;
  replicationcontrollers: Workload;
  podtemplates: Workload;
  jobs: Workload;
  cronjobs: Workload;
  horizontalpodautoscalers: Refused;
  kustomizations: Refused;
  helmreleases: Refused;
  applications: Refused;
  gitrepositories: Source;
  ocirepositories: Source;
  helmrepositories: Source;
  buckets: Source;
  services: Service;
  endpointslices: EndpointSlice;
  secrets: Secret;
  configmaps: ConfigMap;
  mutatingwebhookconfigurations: WebhookConfiguration;
  validatingwebhookconfigurations: WebhookConfiguration;
  airgappolicies: PolicyObject;
  mutatingadmissionpolicies: CelObject;
  mutatingadmissionpolicybindings: CelObject;
  validatingadmissionpolicies: CelObject;
  validatingadmissionpolicybindings: CelObject;
  apiservices: ApiService;
  customresourcedefinitions: ConvertedCrd;
  certificatesigningrequests: CertificateRequest;
  certificates: ManagedCertificate;
  issuers: Issuer;
  clusterissuers: Issuer;
  'registry-probes': RegistryProbe;
  kubeconfig: Kubeconfig;
  'tls-endpoints': TlsEndpoint;
  tools: Tool;
  'pki-files': PkiFile;
  'lock-mirror': LockDifference;
  'lock-running': LockDifference;
}

export type KindName = keyof Kinds;

/** The objects of one kind; a list that broke off half way has both items and a gap. */
export interface Reading<T> {
  readonly items: readonly T[];
  readonly gap: Gap | null;
}

/**
 * Why the objects of a kind are not all there. `absent`: the API server does not serve it, or the dump does not hold
 * it, and the check is skipped; `forbidden` and `failed`: nobody could look, and the check is unknown; `not-asked`: the
 * user named nothing to look at (no registry, no directory).
 */
export interface Gap {
  readonly why: 'absent' | 'forbidden' | 'failed' | 'not-asked';
  /** One sentence; for `forbidden` it names the rule that is missing. */
  readonly reason: string;
}

export type Snapshot = { readonly [K in KindName]: Reading<Kinds[K]> };
