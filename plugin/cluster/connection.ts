/**
 * How to reach the API server, as the user's kubeconfig and flags say: made by `connect.ts` from the merged kubeconfig,
 * exec credentials, proxies and impersonation.
 */
export interface Connection {
  readonly context: string;
  readonly server: URL;
  /** PEM of the CA the kubeconfig trusts; undefined where it trusts the system's or none is checked. */
  readonly ca?: string;
  /** PEM of the client certificate; never its key. */
  readonly clientCertificate?: string;
  /** Where the client certificate is written, for remedies: a file path, or the user's entry in a kubeconfig. */
  readonly clientCertificateSource?: string;
  readonly tlsServerName?: string;
  readonly insecureSkipTlsVerify: boolean;
  /** A request to the API server with the user's credentials; never follows a redirect to another host. */
  request(path: string, init?: ApiRequest): Promise<ApiResponse>;
}

export interface ApiRequest {
  readonly method?: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';
  readonly body?: string;
  readonly contentType?: string;
  readonly signal?: AbortSignal;
}

export interface ApiResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** The body in chunks; to be consumed or destroyed by the caller. */
  readonly body: AsyncIterable<Uint8Array> & { destroy(): void };
}
