import type { Facts } from '../finding.ts';
import { type Cause } from './cause.ts';
import type { IdOf } from './ids.ts';
import { counterpart, hostName, onNode, showConfiguration, tryAgain } from './place.ts';
import { viewer } from './seen.ts';

const served = (facts: Facts): string => (facts['server'] === undefined ? '' : ` (asked: ${facts['server']})`);

const ask = (facts: Facts): readonly string[] => [
  `${onNode(facts)}, ask the resolver that the container runtime uses. It is the node's own, never the cluster's CoreDNS:`,
  `$ getent hosts ${hostName(facts)}`,
  '$ cat /etc/resolv.conf',
];

const confirm = [
  'On the node, ask the resolver that the container runtime uses:',
  '$ getent hosts HOST',
  'See which servers it asks, and ask one of them directly:',
  '$ cat /etc/resolv.conf',
  '$ nslookup HOST SERVER',
];

/** What is to be done about the name itself. */
const mend = (facts: Facts): readonly string[] => {
  const name = hostName(facts);
  if (facts['internet'] === 'yes')
    return [
      `${name} is on the internet, and inside a gap it is right that nobody knows it. The image must come from elsewhere: from a registry inside that the reference names, or from a mirror that the node is told of; see what it is told:`,
      ...showConfiguration(facts),
    ];
  return [
    `Correct the name where it is written, if it is misspelt; otherwise add ${name} to the DNS zone that the nodes ask, or, as a stopgap, to /etc/hosts on every node:`,
    `$ echo "ADDRESS ${name}" | sudo tee -a /etc/hosts`,
    ...(facts['role'] === 'mirror'
      ? ['The name of the mirror stands in the configuration of the node:', ...showConfiguration(facts)]
      : []),
  ];
};

export const dns: Readonly<Record<IdOf<'dns'>, Cause>> = {
  'dns-not-found': {
    title: 'the name of the registry does not exist for the node',
    severity: 'error',
    owner: 'node administrator',
    summary: (facts) =>
      `the resolver of ${viewer(facts)}${served(facts)} has no address for ${facts['role'] === 'registry' ? hostName(facts) : counterpart(facts)}`,
    remedy: (facts) => [...ask(facts), ...mend(facts), ...tryAgain(facts)],
    explanation:
      "A DNS server answered, and its answer was that there is no such name. In a gap this is the usual end of an image that still names a registry on the internet: no server inside can know it. With an internal name, the record is missing or the node asks a server that does not serve that zone. The kubelet and the container runtime use the node's /etc/resolv.conf and /etc/hosts; what CoreDNS knows does not count.",
    confirm,
    example:
      'failed to do request: Head "https://registry.example.com/v2/team/app/manifests/1.0": dial tcp: lookup registry.example.com on 192.0.2.53:53: no such host',
  },
  'dns-failure': {
    title: 'the DNS server of the node cannot answer',
    severity: 'error',
    owner: 'node administrator',
    summary: (facts) =>
      `the DNS server of ${viewer(facts)}${served(facts)} failed when it was asked for ${hostName(facts)}; whether the name exists is not known`,
    remedy: (facts) => [
      ...ask(facts),
      ...(facts['server'] === undefined ? [] : [`$ nslookup ${hostName(facts)} ${serverOf(facts)}`]),
      'Mend or replace that server. A server in a gap often answers SERVFAIL because it forwards to one on the internet: remove that forwarder, so that it says "no such name" at once.',
      ...tryAgain(facts),
    ],
    explanation:
      'The node asked its DNS server and got an error or a refusal instead of an answer: "server misbehaving" is SERVFAIL or REFUSED, "connection refused" means that nothing listens at the address in /etc/resolv.conf, "lame referral" and "temporary failure" come from servers that forward to ones they cannot reach. That is typical of a forwarder whose upstream is on the other side of the gap. The name itself may be right.',
    confirm,
    example:
      'failed to do request: Head "https://registry.example.com/v2/": dial tcp: lookup registry.example.com on 127.0.0.53:53: server misbehaving',
  },
  'dns-timeout': {
    title: 'the DNS server of the node does not answer',
    severity: 'error',
    owner: 'network administrator',
    summary: (facts) =>
      `the DNS server of ${viewer(facts)}${served(facts)} did not answer in time when it was asked for ${hostName(facts)}`,
    remedy: (facts) => [
      ...ask(facts),
      ...(facts['server'] === undefined ? [] : [`$ nslookup ${hostName(facts)} ${serverOf(facts)}`]),
      'Open UDP and TCP port 53 from the node to that server, or name another server in the network configuration of the node.',
      ...tryAgain(facts),
    ],
    explanation:
      'The question went out and nothing came back. A firewall drops it, the server is down, its address in /etc/resolv.conf is of a network that this node has left, or the server waits for a forwarder on the other side of the gap for longer than the node waits for it.',
    confirm,
    example:
      'dial tcp: lookup registry.example.com on 192.0.2.53:53: read udp 198.51.100.7:45678->192.0.2.53:53: i/o timeout',
  },
};

/** The address alone, as nslookup wants it; only what is an address goes into a command. */
function serverOf(facts: Facts): string {
  const server = (facts['server'] ?? '').replace(/:\d+$/, '').replaceAll(/[[\]]/g, '');
  return /^[\da-fA-F.:]+$/.test(server) ? server : 'SERVER';
}
