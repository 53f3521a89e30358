import { makeImage } from '../registry/image.ts';
import { faultOfHost, type Fault } from './fault.ts';

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
    arrange: (stage) => {
      const { cluster } = stage;
      stage.introduce('mirror.example.com');
      const ca = cluster.registries.authority.certificate;
      cluster.trust('docker.io', {
        server: 'https://registry-1.docker.io',
        mirrors: [{ url: 'https://mirror.example.com', ca }],
      });
    },
    cure: ({ faulty, image }) => faulty.add('library/redis', '7.2', image),
  },
  {
    id: 'mirror-ca-gone',
    causes: ['mirror-config'],
    image: 'quay.io/team/app:1',
    arrange: ({ cluster }) =>
      cluster.trust('quay.io', {
        verbatim:
          "server = 'https://quay.io'\n[host.'https://mirror.example.com']\nca = '/etc/containerd/no-such-ca.pem'\n",
      }),
    cure: (stage) => {
      const { cluster, faulty, image } = stage;
      stage.introduce('mirror.example.com');
      faulty.add('team/app', '1', image);
      cluster.trust('quay.io', {
        mirrors: [{ url: 'https://mirror.example.com', ca: cluster.registries.authority.certificate }],
      });
    },
  },
  {
    id: 'mirror-unreadable',
    causes: ['mirror-config', 'dns-not-found'],
    image: 'ghcr.io/team/other:1',
    arrange: ({ cluster }) => cluster.trust('ghcr.io', { verbatim: "[host.'https://mirror.example.com'\n" }),
    cure: (stage) => {
      const { cluster, faulty, image } = stage;
      stage.introduce('mirror.example.com');
      faulty.add('team/other', '1', image);
      cluster.trust('ghcr.io', {
        mirrors: [{ url: 'https://mirror.example.com', ca: cluster.registries.authority.certificate }],
      });
    },
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
    cure: async ({ cluster }) =>
      void (await cluster.registries.main.push('shop/data:1', await makeImage({ label: 'data' }))),
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
    cure: async ({ cluster }) =>
      void (await cluster.registries.main.push(
        'shop/prepare:1',
        await makeImage({ label: 'prepare', command: ['/bin/busybox', 'true'] }),
      )),
  },
];
