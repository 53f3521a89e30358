import type { Tail } from '../tail.ts';

/** What the node says of itself before or after it talks to a registry: names, limits, its own configuration, its disk. */
export const node: readonly Tail[] = [
  { causes: ['kubelet-qps'], text: /pull QPS exceeded/i },
  { causes: ['disk-full'], text: /no space left on device|disk quota exceeded|insufficient (?:disk )?space/i },
  { causes: ['never-pull'], text: /is not present with pull policy of Never/i },
  {
    causes: ['short-name'],
    text: /short-name (?:"[^"]{0,1024}" )?(?:did not resolve|resolution enforced)|short name mode is enforcing|ambiguous list|unqualified-search registries/i,
  },
  {
    causes: ['invalid-image-name'],
    text: /couldn't parse image (?:reference|name)|invalid reference format|repository name must be lowercase|could not parse reference|invalid image name|repository name must not be longer|invalid repository name|cannot parse input|object required$/i,
  },
  {
    causes: ['mirror-config'],
    text: /unable to (?:load|read) CA cert|unable to initialize cert pool|failed to load X509 key pair|unable to read CERT file|failed to load (?:CA|cert|key) file|invalid type \S{1,256} for "(?:ca|client)"|unknown capability|unable to parse server|failed to decode [^\n]{0,256}hosts\.toml|no (?:resolve|pull|push) hosts/i,
  },
  {
    causes: ['mirror-config'],
    text: /loading registries(?: configuration)?|registries\.conf|registry \S{1,256} is blocked in|get registry endpoints|parse registry endpoint|parse endpoint url|get TLSConfig for registry|missing (?:key|client certificate) \S{1,512} for (?:client certificate|key)|certs\.d\/\S{1,512}: (?:permission denied|no such file|is a directory)/i,
  },
  {
    // A registry that is spoken to without TLS though it wants TLS: the scheme in the node's configuration is wrong.
    causes: ['mirror-config'],
    text: /client sent an HTTP request to an HTTPS server|malformed HTTP response "?\\x15\\x03/i,
  },
  {
    causes: ['credential-provider'],
    text: /credential provider plugin|docker-credential-|getting username and password:|credential helper/i,
  },
  {
    causes: ['image-volume'],
    text: /image volume|failed to ensure image subpath|only directory subpath is supported|in OCI artifact volume/i,
  },
  {
    causes: ['runtime-config'],
    text: /unable to get OCI runtime|no runtime for "[^"]{1,128}" is configured|snapshotter \S{1,128} was not found|unable to (?:resolve snapshotter|initialize unpacker)|no unpack platforms|failed to parse image_pull_progress_timeout|unknown service runtime\.v1|RuntimeHandler "[^"]{1,128}" not supported|policy\.json|read policy path|is rejected by policy\.|separate-pull-cgroup/i,
  },
  {
    causes: ['runtime-config'],
    text: /(?:containerd|crio|cri-dockerd|docker)\.sock|connection error: desc = "transport/i,
  },
  {
    causes: ['media-type-unsupported', 'node-content-corrupt'],
    text: /failed to create containerd container: parent snapshot \S{1,256} does not exist/,
  },
  {
    causes: ['node-content-corrupt'],
    text: /content digest \S{1,256}: not found|blob not found|blob \S{1,256} expected at|(?:parent )?snapshot \S{1,512} does not exist|error unpacking image|layer not known|identifier is not an image|input\/output error|structure needs cleaning|read-only file system|failed to get image from containerd|missing content store|mismatched image rootfs/i,
  },
];
