import type { IncomingHttpHeaders } from 'node:http';

/** What is known of one kind of registry: how it shows what it is, how it is allowed to delete, how it frees space. */
interface Product {
  readonly name: string;
  /** Read from the headers of `/v2/`. */
  readonly shows: (headers: IncomingHttpHeaders, challenge: string) => boolean;
  /** What to do where it refuses a deletion. */
  readonly allow: string;
  /** What makes it give the space back; a line that begins with `$ ` is a command, HOST stands for the registry. */
  readonly collect: readonly string[];
}

const has = (value: string | string[] | undefined, pattern: RegExp): boolean => pattern.test(String(value ?? ''));

const distribution: Product = {
  name: 'distribution (registry:2, registry:3)',
  shows: () => false,
  allow:
    'set storage.delete.enabled: true in its configuration, or REGISTRY_STORAGE_DELETE_ENABLED=true in its environment, and start it again',
  collect: [
    'Stop pushes first (storage.maintenance.readonly.enabled: true, or stop it): what is pushed while it collects can be lost.',
    '$ registry garbage-collect /etc/distribution/config.yml',
    'In registry:2 and in Debian (docker-registry) the file is /etc/docker/registry/config.yml. With --dry-run it only tells.',
    'Leave out --delete-untagged: in 2.8 and older it takes the platforms of kept images away, since they have no tags.',
    'Start it again afterwards: it remembers blobs that are gone, and would not take them when they are pushed again.',
  ],
};

const products: readonly Product[] = [
  {
    name: 'Harbor',
    shows: (_, challenge) => /service="harbor-registry"/i.test(challenge),
    allow: 'the account needs the right to delete artifacts in the project, and no immutability rule may cover the tag',
    collect: [
      '$ curl -u admin -H \'Content-Type: application/json\' -d \'{"schedule":{"type":"Manual"},"parameters":{"delete_untagged":false}}\' https://HOST/api/v2.0/system/gc/schedule',
      'Or: Administration, Clean Up, Garbage Collection, GC Now. What was pushed in the last two hours stays until a later run.',
    ],
  },
  {
    name: 'JFrog Artifactory',
    shows: (headers, challenge) =>
      headers['x-jfrog-version'] !== undefined ||
      headers['x-artifactory-id'] !== undefined ||
      /artifactory/i.test(challenge),
    allow: 'the account needs the permission Delete on the repository',
    collect: [
      '$ curl -u admin -X POST https://HOST/artifactory/api/system/storage/gc',
      'It also runs by itself, every four hours unless that was changed; the trash can holds files longer.',
    ],
  },
  {
    name: 'Sonatype Nexus Repository',
    shows: (headers, challenge) => has(headers.server, /^nexus\//i) || /sonatype nexus/i.test(challenge),
    allow: 'the account needs the privilege nx-repository-view-docker-NAME-delete',
    collect: [
      'Run two tasks (Administration, System, Tasks), in this order: "Docker - Delete unused manifests and images", then "Admin - Compact blob store".',
    ],
  },
  {
    name: 'GitLab container registry',
    shows: (headers, challenge) =>
      headers['gitlab-container-registry-version'] !== undefined || /\/jwt\/auth"/.test(challenge),
    allow: 'the account needs the role Developer or higher in the project, and no protection rule may cover the tag',
    collect: [
      '$ sudo gitlab-ctl registry-garbage-collect',
      'With the metadata database it collects by itself, and this is not needed. Leave out -m, which removes what has no tag.',
    ],
  },
  {
    name: 'Quay',
    shows: (headers, challenge) =>
      headers['x-docker-registry-version'] !== undefined || /realm="[^"]*\/v2\/auth"/.test(challenge),
    allow: 'the account needs the role write on the repository',
    collect: [
      'Quay collects by itself once the time machine of the namespace (TAG_EXPIRATION_OPTIONS, two weeks by default) lets go of the tags.',
    ],
  },
  {
    name: 'zot',
    shows: (headers, challenge) => has(headers.server, /^zot/i) || /realm="zot"/i.test(challenge),
    allow: 'the account needs the action delete in http.accessControl of the configuration',
    collect: [
      'zot collects by itself where storage.gc is true (the default): every storage.gcInterval, what is older than storage.gcDelay.',
    ],
  },
  {
    name: 'Gitea or Forgejo',
    shows: (_, challenge) => /service="container_registry"/i.test(challenge),
    allow: 'the account needs the right to write packages of the owner',
    collect: [
      'It removes blobs by itself when the task cleanup_packages runs (Site Administration, Maintenance), a day later at the earliest.',
    ],
  },
  distribution,
];

export interface Recognised {
  /** Null where nothing it says tells. */
  readonly product: string | null;
  /** How deletion is allowed. */
  readonly allow: readonly string[];
  readonly collect: readonly string[];
}

/** What a registry is, by what it said at `/v2/`; where it does not say, what holds for each of those that keep silent. */
export function recognise(host: string, headers: IncomingHttpHeaders): Recognised {
  const challenge = headers['www-authenticate'] ?? '';
  const fill = (lines: readonly string[]): string[] => lines.map((line) => line.replaceAll('HOST', host));
  const found = products.find((product) => product.shows(headers, challenge));
  if (found !== undefined) return { product: found.name, allow: [found.allow], collect: fill(found.collect) };
  // Distribution says nothing of itself, and neither does what stands behind a proxy.
  return {
    product: null,
    allow: [
      `distribution (registry:2, registry:3): ${distribution.allow}`,
      'any other: the account needs the right to delete',
    ],
    collect: [
      'It does not say what it is. If it is distribution (registry:2, registry:3):',
      ...fill(distribution.collect),
      'Harbor, Nexus, Artifactory, GitLab, Quay and zot collect in ways of their own: see their administration.',
    ],
  };
}
