/**
 * The Go programs of the test cluster: which module of `tools/` pins each one, the package to build, and the version
 * that is stamped in where the program does not know it from its own module.
 */
export const programs = {
  'kube-apiserver': kubernetes('kube-apiserver'),
  'kube-controller-manager': kubernetes('kube-controller-manager'),
  'kube-scheduler': kubernetes('kube-scheduler'),
  'kube-proxy': kubernetes('kube-proxy'),
  kubelet: kubernetes('kubelet'),
  kubectl: kubernetes('kubectl'),
  etcd: { module: 'etcd', goPackage: 'go.etcd.io/etcd/server/v3', stamps: [] },
  containerd: containerd('containerd'),
  'containerd-shim-runc-v2': containerd('containerd-shim-runc-v2'),
  ctr: containerd('ctr'),
  regctl: { module: 'regclient', goPackage: 'github.com/regclient/regclient/cmd/regctl', stamps: [] },
  regsync: { module: 'regclient', goPackage: 'github.com/regclient/regclient/cmd/regsync', stamps: [] },
  crane: { module: 'crane', goPackage: 'github.com/google/go-containerregistry/cmd/crane', stamps: [] },
  registry: { module: 'distribution', goPackage: 'github.com/distribution/distribution/v3/cmd/registry', stamps: [] },
  zarf: {
    module: 'zarf',
    goPackage: 'github.com/zarf-dev/zarf',
    stamps: ['github.com/zarf-dev/zarf/src/config.CLIVersion=v0.84.0'],
  },
  'registries-pull': { module: 'wharfie', goPackage: 'kubectl-airgap/test/tools/wharfie', stamps: [] },
  'velero-rename': { module: 'velero', goPackage: 'kubectl-airgap/test/tools/velero', stamps: [] },
  // cert-manager's own programs are modules that no proxy serves.
  'cert-manager': { module: 'cert-manager', goPackage: 'kubectl-airgap/test/tools/cert-manager', stamps: [] },
  'admission-judge': {
    module: 'admission-judge',
    goPackage: 'kubectl-airgap/test/tools/admission-judge',
    stamps: [],
  },
  helm: { module: 'helm', goPackage: 'helm.sh/helm/v4/cmd/helm', stamps: [] },
} as const satisfies Record<string, GoProgram>;

export type ProgramName = keyof typeof programs;

export interface GoProgram {
  /** The folder under `tools/` whose go.mod pins the version. */
  readonly module: string;
  readonly goPackage: string;
  /** `-X` arguments of the linker. */
  readonly stamps: readonly string[];
}

/** Where these programs are found without building: the folder of envtest holds exactly these three. */
export const envtestPrograms: ReadonlySet<string> = new Set(['kube-apiserver', 'etcd', 'kubectl']);

function kubernetes(name: string): GoProgram {
  const version = 'k8s.io/component-base/version';
  return {
    module: 'kubernetes',
    goPackage: `k8s.io/kubernetes/cmd/${name}`,
    stamps: [`${version}.gitVersion=v1.37.2`, `${version}.gitMajor=1`, `${version}.gitMinor=37`],
  };
}

function containerd(name: string): GoProgram {
  return {
    module: 'containerd',
    goPackage: `github.com/containerd/containerd/v2/cmd/${name}`,
    stamps: ['github.com/containerd/containerd/v2/version.Version=v2.4.2'],
  };
}
