/**
 * The registry host of a reference as runtimes read it: the first segment when it can only be a host, else docker.io.
 * Works on text that is no valid reference, which is what some messages are about; undefined for the empty string.
 */
export function hostOf(reference: string): string | undefined {
  const name = reference.replace(/^docker:\/\//, '');
  if (name === '') return undefined;
  const slash = name.indexOf('/');
  const first = slash < 0 ? '' : name.slice(0, slash);
  const isHost = first.includes('.') || first.includes(':') || first === 'localhost' || first !== first.toLowerCase();
  return !isHost || first === 'index.docker.io' ? 'docker.io' : first.toLowerCase();
}

/** Docker Hub is known by one name and answers at others. */
const aliases: Readonly<Record<string, string>> = {
  'registry-1.docker.io': 'docker.io',
  'index.docker.io': 'docker.io',
};

/** Whether two hosts are one registry; the port that HTTPS implies is no difference. */
export function sameRegistry(a: string, b: string): boolean {
  return plain(a) === plain(b);
}

function plain(host: string): string {
  const name = host.toLowerCase().replace(/:443$/, '');
  return aliases[name] ?? name;
}

/**
 * Registries on the internet. A node that asks one of them for an image, inside a gap, was meant to be sent elsewhere:
 * this decides only how sure a finding about mirrors is, never whether an image is allowed.
 */
const internet = new Set([
  'docker.io',
  'gcr.io',
  'ghcr.io',
  'k8s.gcr.io',
  'lscr.io',
  'mcr.microsoft.com',
  'nvcr.io',
  'public.ecr.aws',
  'quay.io',
  'registry.access.redhat.com',
  'registry.connect.redhat.com',
  'registry.gitlab.com',
  'registry.k8s.io',
  'registry.redhat.io',
  'registry.suse.com',
  'xpkg.upbound.io',
]);

export function isOnTheInternet(host: string): boolean {
  const name = plain(host);
  return internet.has(name) || name.endsWith('.gcr.io') || name.endsWith('-docker.pkg.dev');
}
