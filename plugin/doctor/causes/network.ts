import type { Facts } from '../finding.ts';
import { type Cause } from './cause.ts';
import type { IdOf } from './ids.ts';
import { address, counterpart, onNode, showConfiguration, tryAgain } from './place.ts';
import { viewer } from './seen.ts';

const connect = (facts: Facts): readonly string[] => [
  `${onNode(facts)}, try the connection; any HTTP status is a success here:`,
  `$ curl -sS -o /dev/null -w '%{http_code}\\n' --connect-timeout 5 -k https://${address(facts)}/v2/`,
];

const confirm = [
  'On the node, try the connection; any HTTP status proves that the way is open:',
  "$ curl -sS -o /dev/null -w '%{http_code}\\n' --connect-timeout 5 -k https://HOST/v2/",
  'See the way the node takes:',
  '$ ip route get ADDRESS',
];

const mirrored = (facts: Facts): readonly string[] => [
  'If this host was never meant to be asked, the image should come from another one; see what the node is told:',
  ...showConfiguration(facts),
];

export const network: Readonly<Record<IdOf<'network'>, Cause>> = {
  'net-refused': {
    title: 'nothing listens at the address of the registry',
    severity: 'error',
    owner: 'registry administrator',
    summary: (facts) =>
      `${counterpart(facts)} refuses connections: the machine answers, but nothing listens on that port`,
    remedy: (facts) => [
      ...connect(facts),
      `Start the registry, or correct the port: the reference decides it, and without one it is 443. A registry on port 5000 must be written with it, as in ${address(facts).replace(/:\d+$/, '')}:5000.`,
      'If the registry runs in this cluster, see whether it has endpoints:',
      '$ kubectl get endpointslices -A | grep -i registry',
      ...mirrored(facts),
      ...tryAgain(facts),
    ],
    explanation:
      'The packet reached a machine, and that machine said at once that the port is closed. The registry is stopped or still starting, listens on another port, or only on another address of the machine. A firewall that rejects instead of dropping looks the same.',
    confirm,
    example:
      'failed to do request: Head "https://registry.example.com/v2/team/app/manifests/1.0": dial tcp 192.0.2.10:443: connect: connection refused',
  },
  'net-timeout': {
    title: 'the registry does not answer in time',
    severity: 'error',
    owner: 'network administrator',
    summary: (facts) => `${counterpart(facts)} did not answer ${viewer(facts)} in time`,
    remedy: (facts) => [
      ...connect(facts),
      `If nothing comes back at all, a firewall between the node and ${address(facts)} drops the packets: open that way, for every node.`,
      'If the connection opens and then stalls, look at the load of the registry, and for a path that drops large packets (MTU).',
      ...mirrored(facts),
      ...tryAgain(facts),
    ],
    explanation:
      'The node sent packets and heard nothing until it gave up. In a gap this is how a firewall treats addresses on the internet, so an image that names a public registry ends here when DNS still answers. For an internal registry, a rule is missing for this node, the machine is off, or the path loses large packets: then small answers pass and TLS handshakes or downloads hang.',
    confirm,
    example:
      'failed to do request: Head "https://registry.example.com/v2/team/app/manifests/1.0": dial tcp 192.0.2.10:443: i/o timeout',
  },
  'net-unreachable': {
    title: 'the node has no way to the registry',
    severity: 'error',
    owner: 'network administrator',
    summary: (facts) => `${viewer(facts)} has no route to ${counterpart(facts)}`,
    remedy: (facts) => [
      `${onNode(facts)}, see which way it would take:`,
      `$ ip route get $(getent ahostsv4 ${address(facts).replace(/:\d+$/, '')} | awk '{print $1; exit}')`,
      'Add the route or the gateway that is missing. "no route to host" can also be the answer of a firewall or of a neighbour that is off.',
      'Where the address in the message is IPv6 and the node has none, take the AAAA record out of the zone or give the node IPv6.',
      ...mirrored(facts),
      ...tryAgain(facts),
    ],
    explanation:
      'The routing table of the node has no way to the address, or a router or firewall on the way said that there is none. Nodes in a gap often have no default route at all: then every address that is not in a known network fails like this, at once.',
    confirm,
    example:
      'failed to do request: Head "https://registry.example.com/v2/team/app/manifests/1.0": dial tcp 192.0.2.10:443: connect: no route to host',
  },
  'net-reset': {
    title: 'the connection to the registry was cut',
    severity: 'error',
    owner: 'network administrator',
    summary: (facts) => `the connection to ${counterpart(facts)} was opened and then cut before an answer came`,
    remedy: (facts) => [
      ...connect(facts),
      `$ openssl s_client -connect ${address(facts)} </dev/null`,
      'If the handshake is cut too, something between node and registry (firewall with inspection, load balancer without a backend) closes the connection: let it pass this host unread.',
      'If the handshake succeeds, read the log of the registry or of the proxy before it at the time of the pull.',
      ...tryAgain(facts),
    ],
    explanation:
      'Somebody on the way or the registry itself closed a connection that had been opened: "EOF" politely, "connection reset by peer" abruptly. Firewalls that inspect TLS, load balancers without a healthy backend, and registries that are restarted or killed for memory do so.',
    confirm,
    example: 'failed to do request: Head "https://registry.example.com/v2/team/app/manifests/1.0": EOF',
  },
};
