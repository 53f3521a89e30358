import { addHostAddress } from '../node/namespaces.ts';
import { hangUp } from '../registry/behaviours.ts';
import { faultOfHost, type Fault, type Stage } from './fault.ts';

const image = (host: string): string => `${host}.example.com/shop/app:1`;
const serveAt = async ({ cluster, faulty }: Stage, address: string): Promise<void> => {
  addHostAddress(cluster.place.slot, address);
  await faulty.listen(address);
};
/** Of the cluster's block of addresses. */
const [refused, silent, absent] = [9, 10, 13];
/** Outside of the block: the node has no route to it. */
const elsewhere = '203.0.113.20';

export const networkFaults: readonly Fault[] = [
  faultOfHost(
    'dns-unknown',
    'dns-not-found',
    ({ cluster }, host) => cluster.names.set(host, 'no-such-name'),
    introduce,
  ),
  faultOfHost(
    'dns-failing',
    'dns-failure',
    ({ cluster }, host) => cluster.names.set(host, 'server-failure'),
    introduce,
  ),
  faultOfHost('dns-silent', 'dns-timeout', ({ cluster }, host) => cluster.names.set(host, 'silence'), introduce),
  faultOfHost(
    'refused',
    'net-refused',
    ({ cluster }, host) => {
      addHostAddress(cluster.place.slot, cluster.place.address28(refused));
      cluster.names.set(host, { address: cluster.place.address28(refused) });
    },
    ({ cluster, faulty }) => faulty.listen(cluster.place.address28(refused)),
  ),
  faultOfHost(
    'no-answer',
    'net-timeout',
    async ({ cluster: { place, names } }, host) => {
      const address = place.address28(absent);
      names.set(host, { address });
      // A firewall that drops: the packets go to a machine that does not exist.
      await place.run([
        'ip',
        'neighbour',
        'add',
        address,
        'lladdr',
        '02:00:00:00:00:01',
        'dev',
        'uplink',
        'nud',
        'permanent',
      ]);
    },
    async (stage) => {
      const { place } = stage.cluster;
      await place.run(['ip', 'neighbour', 'delete', place.address28(absent), 'dev', 'uplink']);
      await serveAt(stage, place.address28(absent));
    },
  ),
  faultOfHost(
    'no-route',
    'net-unreachable',
    ({ cluster }, host) => cluster.names.set(host, { address: elsewhere }),
    async (stage) => {
      await serveAt(stage, elsewhere);
      await stage.cluster.place.run(['ip', 'route', 'add', `${elsewhere}/32`, 'via', stage.cluster.hostAddress]);
    },
  ),
  faultOfHost('hangs-up', 'net-reset', ({ faulty }, host) => faulty.behave(host, hangUp)),
  faultOfHost(
    'no-handshake',
    'tls-handshake',
    async ({ cluster: { place, names }, faulty }, host) => {
      addHostAddress(place.slot, place.address28(silent));
      await faulty.listenSilently(place.address28(silent), 443);
      names.set(host, { address: place.address28(silent) });
    },
    introduce,
  ),
  {
    id: 'plain-http',
    causes: ['tls-plain-http'],
    image: 'plain.example.com:5000/shop/app:1',
    paste: { commands: /certs\.d\/plain/v },
  },
  {
    id: 'no-proxy',
    causes: ['proxy-unreachable'],
    // Hosts of example.org are reached through the proxy only: see `proxyEnvironment`.
    image: image('behind-proxy').replace('example.com', 'example.org'),
    arrange: ({ cluster }) =>
      cluster.trust('behind-proxy.example.org', { ca: cluster.registries.authority.certificate }),
    cure: ({ cluster: { place, names }, faulty }) => {
      names.set('proxy.example.com', { address: place.hostAddress });
      return faulty.listenAsProxy(place.hostAddress, 3128);
    },
  },
  {
    id: 'bad-proxy',
    causes: ['proxy-malformed'],
    image: 'plain.example.org:5000/shop/app:1',
    arrange: ({ cluster }) => cluster.trust('plain.example.org:5000', { server: 'http://plain.example.org:5000' }),
  },
];

/** What containerd is started with: one proxy that is down, and one whose address cannot be read. */
export const proxyEnvironment: Readonly<Record<string, string>> = {
  HTTPS_PROXY: 'http://proxy.example.com:3128',
  HTTP_PROXY: 'http://proxy.example.com:port',
  NO_PROXY: '.example.com,docker.io,.docker.io,quay.io,ghcr.io,registry.k8s.io,198.51.100.0/24',
};

function introduce(stage: Stage, host: string): void {
  stage.introduce(host);
}
