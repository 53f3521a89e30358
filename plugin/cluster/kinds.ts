import { readKubeconfig, readPkiFile, readTlsEndpoint } from '../../shared/cert/observed.ts';
import { readApiService } from '../../shared/kube/api-service.ts';
import { readIssuer } from '../../shared/kube/issuer.ts';
import { readManagedCertificate } from '../../shared/kube/cert-manager.ts';
import { readCertificateRequest } from '../../shared/kube/certificate-request.ts';
import { readConfigMap } from '../../shared/kube/config-map.ts';
import { readConvertedCrd } from '../../shared/kube/crd.ts';
import { readEndpointSlice } from '../../shared/kube/endpoint-slice.ts';
import { readEvent } from '../../shared/kube/event.ts';
import type { Json } from '../../shared/kube/json.ts';
import { readMeta } from '../../shared/kube/meta.ts';
import { readNode } from '../../shared/kube/node.ts';
import { readPod } from '../../shared/kube/pod.ts';
import { readBinding, readRole } from '../../shared/kube/rbac.ts';
import { readRefused, type Refused } from '../../shared/kube/refused.ts';
import { readSecret } from '../../shared/kube/secret.ts';
import { readServiceAccount } from '../../shared/kube/service-account.ts';
import { readSource, type Source } from '../../shared/kube/source.ts';
import { readService } from '../../shared/kube/service.ts';
import {
  readMutatingWebhookConfiguration,
  readValidatingWebhookConfiguration,
} from '../../shared/kube/webhook-configuration.ts';
import { readWorkload, type Workload } from '../../shared/kube/workload.ts';
import { readCelObject, type CelObject } from '../../shared/policy/cel/cel-object.ts';
import { readPolicyObject } from '../../shared/policy/policy-object.ts';
import { readTool } from '../../shared/tool.ts';
import { readRegistryProbe } from '../../shared/registry/probe.ts';
import { readLockDifference } from '../supply/verify/lock-difference.ts';
import type { KindName, Kinds } from './snapshot.ts';

/** Where the API server serves a resource. */
export interface ResourceType {
  readonly group: string;
  readonly version: string;
  readonly plural: string;
  readonly kind: string;
  readonly namespaced: boolean;
}

/** How one kind is fetched and reduced; `read` returns undefined for an object that no check needs. */
export type KindEntry<T> =
  | {
      readonly from: 'resource';
      readonly type: ResourceType;
      readonly fieldSelector?: string;
      readonly read: (raw: Json) => T | undefined;
    }
  | {
      /** What a connection or a local file showed: made by the observer of the same name, never by the API server. */
      readonly from: 'observation';
      /** Kinds that must have been collected before, because they say where to look. */
      readonly after: readonly KindName[];
      readonly read: (raw: Json) => T | undefined;
    };

const core = (plural: string, kind: string, namespaced: boolean): ResourceType => ({
  group: '',
  version: 'v1',
  plural,
  kind,
  namespaced,
});

const cluster = (group: string, plural: string, kind: string): ResourceType => ({
  group,
  version: 'v1',
  plural,
  kind,
  namespaced: false,
});

const rbac = (plural: string, kind: string, namespaced: boolean): ResourceType => ({
  ...core(plural, kind, namespaced),
  group: 'rbac.authorization.k8s.io',
});

/** Objects of which only those are kept whose status tells of a refusal. */
function reporting(group: string, version: string, plural: string, kind: string): KindEntry<Refused> {
  return { from: 'resource', type: { group, version, plural, kind, namespaced: true }, read: readRefused(kind) };
}

/** What makes pods. */
function making(group: string, plural: string, kind: string): KindEntry<Workload> {
  return { from: 'resource', type: { ...core(plural, kind, true), group }, read: readWorkload(group, kind) };
}

/** Where Flux fetches from. */
function fetching(plural: string, kind: string): KindEntry<Source> {
  return {
    from: 'resource',
    type: { ...core(plural, kind, true), group: 'source.toolkit.fluxcd.io' },
    read: readSource(kind),
  };
}

/** Objects that the API server evaluates itself, of which only ours are kept. */
function inProcess(plural: string, kind: CelObject['kind']): KindEntry<CelObject> {
  return { from: 'resource', type: cluster('admissionregistration.k8s.io', plural, kind), read: readCelObject(kind) };
}

/** Every kind that checks can need. One line a kind; its reduction stands in shared/kube. */
export const kinds: { readonly [K in KindName]: KindEntry<Kinds[K]> } = {
  pods: { from: 'resource', type: core('pods', 'Pod', true), read: readPod },
  events: { from: 'resource', type: core('events', 'Event', true), fieldSelector: 'type=Warning', read: readEvent },
  nodes: { from: 'resource', type: core('nodes', 'Node', false), read: readNode },
  namespaces: {
    from: 'resource',
    type: core('namespaces', 'Namespace', false),
    read: (raw) => ({ meta: readMeta(raw) }),
  },
  serviceaccounts: {
    from: 'resource',
    type: core('serviceaccounts', 'ServiceAccount', true),
    read: readServiceAccount,
  },
  roles: { from: 'resource', type: rbac('roles', 'Role', true), read: readRole },
  clusterroles: { from: 'resource', type: rbac('clusterroles', 'ClusterRole', false), read: readRole },
  rolebindings: { from: 'resource', type: rbac('rolebindings', 'RoleBinding', true), read: readBinding },
  clusterrolebindings: {
    from: 'resource',
    type: rbac('clusterrolebindings', 'ClusterRoleBinding', false),
    read: readBinding,
  },
  deployments: making('apps', 'deployments', 'Deployment'),
  statefulsets: making('apps', 'statefulsets', 'StatefulSet'),
  daemonsets: making('apps', 'daemonsets', 'DaemonSet'),
  replicationcontrollers: making('', 'replicationcontrollers', 'ReplicationController'),
  podtemplates: making('', 'podtemplates', 'PodTemplate'),
  jobs: making('batch', 'jobs', 'Job'),
  cronjobs: making('batch', 'cronjobs', 'CronJob'),
  horizontalpodautoscalers: reporting('autoscaling', 'v2', 'horizontalpodautoscalers', 'HorizontalPodAutoscaler'),
  kustomizations: reporting('kustomize.toolkit.fluxcd.io', 'v1', 'kustomizations', 'Kustomization'),
  helmreleases: reporting('helm.toolkit.fluxcd.io', 'v2', 'helmreleases', 'HelmRelease'),
  applications: reporting('argoproj.io', 'v1alpha1', 'applications', 'Application'),
  gitrepositories: fetching('gitrepositories', 'GitRepository'),
  ocirepositories: fetching('ocirepositories', 'OCIRepository'),
  helmrepositories: fetching('helmrepositories', 'HelmRepository'),
  buckets: fetching('buckets', 'Bucket'),
  services: { from: 'resource', type: core('services', 'Service', true), read: readService },
  endpointslices: {
    from: 'resource',
    type: { ...core('endpointslices', 'EndpointSlice', true), group: 'discovery.k8s.io' },
    read: readEndpointSlice,
  },
  secrets: { from: 'resource', type: core('secrets', 'Secret', true), read: readSecret },
  configmaps: { from: 'resource', type: core('configmaps', 'ConfigMap', true), read: readConfigMap },
  mutatingwebhookconfigurations: {
    from: 'resource',
    type: cluster('admissionregistration.k8s.io', 'mutatingwebhookconfigurations', 'MutatingWebhookConfiguration'),
    read: readMutatingWebhookConfiguration,
  },
  validatingwebhookconfigurations: {
    from: 'resource',
    type: cluster('admissionregistration.k8s.io', 'validatingwebhookconfigurations', 'ValidatingWebhookConfiguration'),
    read: readValidatingWebhookConfiguration,
  },
  airgappolicies: {
    from: 'resource',
    type: { ...cluster('airgap.dev', 'airgappolicies', 'AirgapPolicy'), version: 'v1alpha1' },
    read: readPolicyObject,
  },
  mutatingadmissionpolicies: inProcess('mutatingadmissionpolicies', 'MutatingAdmissionPolicy'),
  mutatingadmissionpolicybindings: inProcess('mutatingadmissionpolicybindings', 'MutatingAdmissionPolicyBinding'),
  validatingadmissionpolicies: inProcess('validatingadmissionpolicies', 'ValidatingAdmissionPolicy'),
  validatingadmissionpolicybindings: inProcess('validatingadmissionpolicybindings', 'ValidatingAdmissionPolicyBinding'),
  apiservices: {
    from: 'resource',
    type: cluster('apiregistration.k8s.io', 'apiservices', 'APIService'),
    read: readApiService,
  },
  customresourcedefinitions: {
    from: 'resource',
    type: cluster('apiextensions.k8s.io', 'customresourcedefinitions', 'CustomResourceDefinition'),
    read: readConvertedCrd,
  },
  certificatesigningrequests: {
    from: 'resource',
    type: cluster('certificates.k8s.io', 'certificatesigningrequests', 'CertificateSigningRequest'),
    read: readCertificateRequest,
  },
  certificates: {
    from: 'resource',
    type: { ...core('certificates', 'Certificate', true), group: 'cert-manager.io' },
    read: readManagedCertificate,
  },
  issuers: {
    from: 'resource',
    type: { ...core('issuers', 'Issuer', true), group: 'cert-manager.io' },
    read: readIssuer,
  },
  clusterissuers: {
    from: 'resource',
    type: cluster('cert-manager.io', 'clusterissuers', 'ClusterIssuer'),
    read: readIssuer,
  },
  'registry-probes': { from: 'observation', after: ['pods', 'nodes', 'airgappolicies'], read: readRegistryProbe },
  kubeconfig: { from: 'observation', after: [], read: readKubeconfig },
  'tls-endpoints': { from: 'observation', after: ['nodes', 'endpointslices'], read: readTlsEndpoint },
  tools: { from: 'observation', after: [], read: readTool },
  'pki-files': { from: 'observation', after: [], read: readPkiFile },
  'lock-mirror': { from: 'observation', after: [], read: readLockDifference },
  'lock-running': { from: 'observation', after: ['pods'], read: readLockDifference },
};

/** Where the API server serves a kind that is a resource. */
export function resourceType(name: KindName): ResourceType {
  const entry = kinds[name];
  if (entry.from !== 'resource') throw new TypeError(`${name} is not a resource`);
  return entry.type;
}
