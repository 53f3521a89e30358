/**
 * How to reach the API server, as the user's kubeconfig and flags say: made by `connect.ts` from the merged kubeconfig,
 * exec credentials, proxies and impersonation.
 */
export interface Connection {
  readonly context: string;
  readonly server: URL;
  /** The namespace that commands without `-n` mean. */
  readonly namespace: string;
  /** PEM of the CA the kubeconfig trusts; undefined where it trusts the system's or none is checked. */
  readonly ca?: string;
  /** PEM of the client certificate; never its key. */
  readonly clientCertificate?: string;
  /** Where the client certificate is written, for remedies: a file path, or the user's entry in a kubeconfig. */
  readonly clientCertificateSource?: string;
  readonly tlsServerName?: string;
  readonly insecureSkipTlsVerify: boolean;
  /**
   * A request to the API server with the user's credentials; never follows a redirect. Throws an AirgapError where no
   * answer came; every answer, whatever its status, is returned.
   */
  request(path: string, init?: ApiRequest): Promise<ApiResponse>;
  /** Closes idle connections, so that the process can end. */
  close(): void;
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
  /** The body in chunks, decompressed; to be consumed or destroyed by the caller. Reading throws an AirgapError. */
  readonly body: AsyncIterable<Uint8Array> & { destroy(): void };
}
