import { text, type Json } from './kube/json.ts';

/** A program as the machine of the operator has it, or the API server: which one, and its release. */
export interface Tool {
  /** `kubectl`, `helm`, `regctl`, `skopeo` or `api-server`. */
  readonly name: string;
  /** `1.37.2`; empty where it does not say, null where there is none. */
  readonly version: string | null;
}

export function readTool(raw: Json): Tool {
  const { name, version } = raw;
  return { name: text(name) ?? '', version: typeof version === 'string' ? version : null };
}

export interface Release {
  readonly major: number;
  readonly minor: number;
}

/** Major and minor of `v1.37.2-eks-5`, `1.37+`; undefined for what begins with no version. */
export function releaseOf(version: string): Release | undefined {
  const [, major, minor] = /^v?(\d+)\.(\d+)/.exec(version) ?? [];
  return major === undefined || minor === undefined ? undefined : { major: Number(major), minor: Number(minor) };
}
