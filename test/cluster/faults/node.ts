import { makeImage } from '../registry/image.ts';
import { faultOfHost, type Fault, type Stage } from './fault.ts';
import { copyFrom, type Paste } from './paste.ts';

const app = 'registry.example.com/shop/app:1';

export const nodeFaults: readonly Fault[] = [
  {
    id: 'bad-name',
    causes: ['invalid-image-name'],
    image: 'registry.example.com/Shop/App:1',
    cured: { image: app },
  },
  {
    id: 'mirror-lacks-it',
    causes: ['mirror-miss', 'image-not-found'],
    image: 'docker.io/library/redis:7.2',
    arrange: async ({ cluster, image }) => {
      const { authority, main } = cluster.registries;
      await main.push('originals/redis:1', image);
      const mirrors = [{ url: 'https://registry.example.com', ca: authority.certificate }];
      cluster.trust('docker.io', { server: 'https://registry-1.docker.io', mirrors });
    },
    paste: {
      before: 'skopeo copy --all docker://registry.example.com/originals/redis:1 oci-archive:image.tar',
      commands: /skopeo copy --all/v,
      fill: () => ({ 'MIRROR/PATH:TAG': 'registry.example.com/library/redis:7.2' }),
    },
  },
  {
    id: 'mirror-ca-gone',
    causes: ['mirror-config'],
    image: 'quay.io/team/app:1',
    arrange: mirrorOf(
      'quay.io',
      'team/app',
      "server = 'https://quay.io'\n[host.'https://mirror.example.com']\nca = '/etc/containerd/no-such-ca.pem'\n",
    ),
    paste: writeMirror('quay.io'),
  },
  {
    id: 'mirror-unreadable',
    causes: ['mirror-config', 'dns-not-found'],
    image: 'ghcr.io/team/other:1',
    arrange: mirrorOf('ghcr.io', 'team/other', "[host.'https://mirror.example.com'\n"),
    paste: writeMirror('ghcr.io'),
  },
  {
    ...faultOfHost('mirror-down', 'dns-not-found', () => {}),
    image: 'registry.k8s.io/coredns/coredns:v1.13.1',
    arrange: ({ cluster }) =>
      cluster.trust('registry.k8s.io', { mirrors: [{ url: 'https://gone-mirror.example.com' }] }),
    cure: (stage) => {
      const { cluster, faulty, image } = stage;
      stage.introduce('gone-mirror.example.com');
      faulty.add('coredns/coredns', 'v1.13.1', image);
      cluster.trust('registry.k8s.io', {
        mirrors: [{ url: 'https://gone-mirror.example.com', ca: cluster.registries.authority.certificate }],
      });
    },
  },
  {
    id: 'no-runtime',
    causes: ['runtime-config'],
    image: app,
    spec: { runtimeClassName: 'kata' },
    arrange: ({ cluster }) =>
      cluster.api.apply({
        apiVersion: 'node.k8s.io/v1',
        kind: 'RuntimeClass',
        metadata: { name: 'kata' },
        handler: 'kata',
      }),
    cured: { spec: {} },
  },
  {
    id: 'volume-missing',
    causes: ['image-not-found'],
    image: app,
    spec: { volumes: [{ name: 'data', image: { reference: 'registry.example.com/shop/data:1' } }] },
    container: { volumeMounts: [{ name: 'data', mountPath: '/data' }] },
    arrange: async ({ cluster }) =>
      void (await cluster.registries.main.push('originals/data:1', await makeImage({ label: 'data' }))),
    paste: copyFrom('registry.example.com/originals/data:1'),
  },
  {
    id: 'volume-sub-path',
    causes: ['image-volume'],
    image: app,
    spec: { volumes: [{ name: 'data', image: { reference: 'registry.example.com/shop/app:1' } }] },
    container: { volumeMounts: [{ name: 'data', mountPath: '/data', subPath: 'no/such/folder' }] },
    cured: { container: { volumeMounts: [{ name: 'data', mountPath: '/data', subPath: 'bin' }] } },
  },
  {
    id: 'init-missing',
    causes: ['image-not-found'],
    image: app,
    spec: { initContainers: [{ name: 'prepare', image: 'registry.example.com/shop/prepare:1' }] },
    arrange: async ({ cluster }) => {
      const image = await makeImage({ label: 'prepare', command: ['/bin/busybox', 'true'] });
      await cluster.registries.main.push('originals/prepare:1', image);
    },
    paste: copyFrom('registry.example.com/originals/prepare:1'),
  },
];

/** A mirror that has the image, and a hosts.toml that keeps the node from it. */
function mirrorOf(host: string, repository: string, hostsToml: string): (stage: Stage) => void {
  return ({ cluster, faulty, image, introduce }) => {
    introduce('mirror.example.com');
    faulty.add(repository, '1', image);
    cluster.trust(host, { verbatim: hostsToml });
  };
}

function writeMirror(host: string): Paste {
  return {
    before: `install -D -m 0644 ca.crt /etc/containerd/certs.d/${host}/ca.crt`,
    commands: /tee .*hosts\.toml/v,
    fill: () => ({ MIRROR: 'mirror.example.com' }),
  };
}
