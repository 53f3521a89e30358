/** A container runtime as a Node names it: `containerd://2.4.2`. */
export interface Runtime {
  readonly name: string;
  readonly major: number;
  readonly minor: number;
}

/**
 * How remedies name what runs the containers of a node: the runtime, or the distribution that brings its own and keeps
 * its configuration elsewhere (`v1.34.1+k3s1`).
 */
export function runtimeName(runtime: string, kubelet: string): string | undefined {
  const distribution = /\+(?<name>k3s|rke2)/.exec(kubelet)?.groups?.['name'];
  return distribution ?? parseRuntime(runtime)?.name;
}

/** Undefined where the node is not known or says nothing. */
export function parseRuntime(version: string): Runtime | undefined {
  const match = /^(?<name>[a-z][a-z0-9-]*):\/\/v?(?<major>\d+)\.(?<minor>\d+)/.exec(version);
  if (match?.groups === undefined) return undefined;
  const { name = '', major, minor } = match.groups;
  return { name, major: Number(major), minor: Number(minor) };
}

/**
 * Whose error a runtime shows when a mirror is configured and the upstream registry cannot be reached.
 *
 * | rule | runtime | the mirror lacks the image | the mirror is down |
 * |---|---|---|---|
 * | last | Docker | the upstream's error | the upstream's error |
 * | first-but-missing | containerd 1 | the upstream's network error | the mirror's |
 * | furthest | containerd 2 | `<reference>: not found`, with no host | the mirror's |
 * | all | CRI-O, Podman | every attempt by name | every attempt by name |
 */
export type MirrorRule = 'last' | 'first-but-missing' | 'furthest' | 'all' | 'unknown';

export function mirrorRule(runtime: Runtime | undefined): MirrorRule {
  switch (runtime?.name) {
    case 'containerd':
      return runtime.major >= 2 ? 'furthest' : 'first-but-missing';
    case 'docker':
      return 'last';
    case 'cri-o':
      return 'all';
    case undefined:
    default:
      return 'unknown';
  }
}

/** containerd adds `ns=REGISTRY` to what it asks of a mirror since 1.5; others do not mark such requests. */
export function marksMirrors(runtime: Runtime | undefined): boolean {
  return runtime?.name === 'containerd' && (runtime.major >= 2 || (runtime.major === 1 && runtime.minor >= 5));
}

/** The minor of a Kubernetes version such as `v1.37.2+k3s1`; undefined where it cannot be read. */
export function kubernetesMinor(version: string): number | undefined {
  const match = /^v?1\.(\d+)/.exec(version);
  return match?.[1] === undefined ? undefined : Number(match[1]);
}
