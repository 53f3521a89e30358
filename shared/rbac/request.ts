/** What somebody wants to do: an action on a resource, or on a path of the API server that is no resource. */
export type Request = ResourceRequest | PathRequest;

export interface ResourceRequest {
  readonly verb: string;
  /** Empty for the core group. */
  readonly group: string;
  /** The plural, without a subresource. */
  readonly resource: string;
  /** Empty where the request is about the resource itself. */
  readonly subresource: string;
  /** Empty for requests without a name (list, watch, create, deletecollection) or where it is not known. */
  readonly name: string;
  /** Empty for a request at the cluster scope, which includes "in all namespaces". */
  readonly namespace: string;
}

interface PathRequest {
  readonly verb: string;
  /** `/metrics`, `/healthz`… */
  readonly path: string;
}

/** `pods/log`, `*` or `pods`: how a rule spells what the request is about. */
export function combined({ resource, subresource }: ResourceRequest): string {
  return subresource === '' ? resource : `${resource}/${subresource}`;
}
