/** Hosts that are on the internet and nowhere else, by the end of their names, and what they are there for. */
const internet = {
  'a public registry': [
    'docker.io',
    'docker.com',
    'quay.io',
    'ghcr.io',
    'gcr.io',
    'pkg.dev',
    'k8s.io',
    'mcr.microsoft.com',
    'public.ecr.aws',
    'nvcr.io',
    'lscr.io',
    'cgr.dev',
    'registry.redhat.io',
    'registry.access.redhat.com',
    'registry.connect.redhat.com',
    'docker.elastic.co',
    'xpkg.upbound.io',
    'registry.opensource.zalan.do',
  ],
  'a public code host': ['github.com', 'githubusercontent.com', 'gitlab.com', 'bitbucket.org', 'codeberg.org'],
  'a public chart repository': [
    'github.io',
    'helm.sh',
    'charts.bitnami.com',
    'charts.jetstack.io',
    'helm.releases.hashicorp.com',
    'helm.elastic.co',
    'helm.ngc.nvidia.com',
    'charts.rancher.io',
  ],
  'a public certificate authority': [
    'letsencrypt.org',
    'zerossl.com',
    'buypass.com',
    'pki.goog',
    'ssl.com',
    'sectigo.com',
    'digicert.com',
  ],
  'a public transparency log': ['sigstore.dev'],
} as const;

export type InternetHost = keyof typeof internet;

const suffixes = new Map(
  (Object.entries(internet) as [InternetHost, readonly string[]][]).flatMap(([what, names]) =>
    names.map((name) => [name, what] as const),
  ),
);

/** What a host of the internet is there for; undefined for any that may as well be inside. A port does not count. */
export function internetHost(host: string): InternetHost | undefined {
  const name = host.replace(/:\d+$/, '').replace(/\.$/, '').toLowerCase();
  for (let at = 0; at !== -1; at = name.indexOf('.', at) + 1 || -1) {
    const what = suffixes.get(name.slice(at));
    if (what !== undefined) return what;
  }
  return undefined;
}

/** Resolvers that everybody may ask, and that are never inside a gap. */
const resolvers = new Map([
  ...['8.8.8.8', '8.8.4.4', '2001:4860:4860::8888', '2001:4860:4860::8844', 'dns.google'].map(
    (one) => [one, 'Google'] as const,
  ),
  ...['1.1.1.1', '1.0.0.1', '2606:4700:4700::1111', '2606:4700:4700::1001', 'cloudflare-dns.com'].map(
    (one) => [one, 'Cloudflare'] as const,
  ),
  ...['9.9.9.9', '149.112.112.112', '2620:fe::fe', 'dns.quad9.net'].map((one) => [one, 'Quad9'] as const),
  ...['208.67.222.222', '208.67.220.220'].map((one) => [one, 'OpenDNS'] as const),
]);

/** Who runs a public resolver; undefined for any other. Written as CoreDNS does: `tls://9.9.9.9:853`, `[2620:fe::fe]:53`. */
export function publicResolver(upstream: string): string | undefined {
  const address = upstream.replace(/^(?:dns|tls|https|grpc):\/\//, '').replace(/\/.*$/, '');
  const bare = /^\[(.+)\](?::\d+)?$/.exec(address)?.[1] ?? address.replace(/^([^:]+):\d+$/, '$1');
  return resolvers.get(bare.toLowerCase());
}
