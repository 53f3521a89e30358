import type { Tail } from '../tail.ts';

const badProxy = 'invalid proxy address|invalid proxy URL|proxy: unknown scheme|unsupported protocol scheme';
const cannotVerify =
  'x509: certificate (?:signed by unknown authority|is not authorized to sign)|certificate is not trusted|load system roots';
const notForName =
  'certificate is valid for (?<names>[^\\n]{1,512}?), (?:not|but none matched) (?<wanted>[^\\s"]{1,256})|certificate is valid for \\d{1,6} [^\\n]{1,64}, but none matched (?<wanted2>[^\\s"]{1,256})|doesn\'t contain any IP SANs|is not valid for any names';

/** TLS, names, connections: the words of Go's standard library, which every runtime prints. */
export const transport: readonly Tail[] = [
  { causes: ['proxy-malformed'], text: new RegExp(badProxy, 'i') },
  {
    causes: ['tls-expired'],
    text: /certificate has expired or is not yet valid: current time (?<clock>\S{1,40}) is after (?<expires>[\dTZ:+-]{10,40})/,
  },
  {
    causes: ['tls-not-yet-valid'],
    text: /certificate has expired or is not yet valid: current time (?<clock>\S{1,40}) is before (?<begins>[\dTZ:+-]{10,40})/,
  },
  { causes: ['tls-expired', 'tls-not-yet-valid'], text: /certificate has expired or is not yet valid/ },
  { causes: ['tls-expired'], text: /certificate (?:has |is )?expired/ },
  { causes: ['tls-legacy-cn'], text: /legacy Common Name field/ },
  { causes: ['tls-name-mismatch'], text: new RegExp(notForName) },
  { causes: ['tls-unknown-authority'], text: new RegExp(cannotVerify) },
  { causes: ['tls-plain-http'], text: /server gave HTTP response to HTTPS client/ },
  {
    causes: ['tls-handshake'],
    text: /TLS handshake timeout|remote error: tls: |tls: first record does not look like|tls: |handshake failure|x509: |bad record MAC/,
  },
  { causes: ['dns-not-found'], text: /no such host|name or service not known|NXDOMAIN/i },
  {
    causes: ['dns-failure'],
    text: /server misbehaving|temporary failure in name resolution|lame referral|no answer from DNS server|unmarshal DNS message|invalid DNS response|^try again/i,
  },
  { causes: ['net-refused'], text: /connection refused/i },
  {
    causes: ['net-unreachable'],
    text: /no route to host|network is unreachable|host is (?:unreachable|down)|cannot assign requested address/i,
  },
  {
    causes: ['net-timeout'],
    text: /i\/o timeout|connection timed out|operation timed out|timeout awaiting response headers|while waiting for connection|Client\.Timeout/i,
  },
  {
    causes: ['pull-timeout'],
    text: /no progress in|context deadline exceeded|context canceled|request canceled|DeadlineExceeded|operation was canceled/i,
  },
  { causes: ['registry-error'], text: /server response headers exceeded/ },
  {
    causes: ['net-reset'],
    text: /connection reset by peer|broken pipe|(?:^|[\s:])(?:unexpected )?EOF\b|stream error: stream ID|GOAWAY|server closed idle connection|use of closed network connection|transport connection broken|malformed HTTP|server sent|PROTOCOL_ERROR/,
  },
  { causes: ['redirect-unreachable'], text: /stopped after (?<redirects>\d{1,3}) redirects/ },
];
