import type { Facts } from '../finding.ts';
import { fact, type Cause } from './cause.ts';
import type { IdOf } from './ids.ts';
import { address, counterpart, hostName, onNode, showCertificate, trustAuthority, tryAgain } from './place.ts';
import { viewer } from './seen.ts';

const confirm = [
  'From a machine that reaches the registry, look at its certificate: who signed it, its dates and its names:',
  '$ openssl s_client -connect HOST:443 -servername HOST </dev/null | openssl x509 -noout -subject -issuer -dates -ext subjectAltName',
];

const look = (facts: Facts): readonly string[] => [
  'Look at the certificate that is presented:',
  showCertificate(facts),
];

export const tls: Readonly<Record<IdOf<'tls'>, Cause>> = {
  'tls-unknown-authority': {
    title: 'the node does not trust the certificate authority of the registry',
    severity: 'error',
    owner: 'node administrator',
    summary: (facts) =>
      `${viewer(facts)} does not trust the authority that signed the certificate of ${counterpart(facts)}`,
    remedy: (facts) => [
      ...look(facts),
      'If the issuer is your own authority, get its certificate (PEM) from whoever runs it, as ca.crt, and do not take it from the connection itself. Then on every node:',
      ...trustAuthority(facts),
      'If the issuer is a firewall or proxy that inspects TLS, exempt this host from inspection, or trust that authority in the same way.',
      'If the issuer is a public authority, the registry does not send its intermediate certificate: add it to the file that the registry serves.',
      ...tryAgain(facts),
    ],
    explanation:
      'A certificate was presented, and the chain of signatures does not end at an authority that this node trusts. Registries in a gap are nearly always signed by an authority of the organisation, which each node must be given; a node that was installed or rebuilt later is easily forgotten. The pod, its namespace and its pull secret have no influence on it. When the hint "possibly because of … crypto/rsa: verification error" follows, the node trusts an older authority of the same name.',
    confirm: [
      ...confirm,
      'On the node, hold it against what the runtime trusts:',
      '$ curl -sS -o /dev/null --cacert /etc/containerd/certs.d/HOST/ca.crt https://HOST/v2/',
    ],
    example:
      'failed to do request: Head "https://registry.example.com/v2/team/app/manifests/1.0": tls: failed to verify certificate: x509: certificate signed by unknown authority',
  },
  'tls-expired': {
    title: 'the certificate of the registry has expired',
    severity: 'error',
    owner: 'registry administrator',
    summary: (facts) =>
      `the certificate of ${counterpart(facts)} ${facts['expires'] === undefined ? 'has expired' : `expired on ${fact(facts, 'expires')}`}`,
    remedy: (facts) => [
      ...look(facts),
      `${onNode(facts)}, hold its last day against the clock, which must be right:`,
      '$ date -u',
      `Renew it and let ${hostName(facts)} serve the new one; a registry keeps the old one in memory until it is reloaded.`,
      ...tryAgain(facts),
    ],
    explanation:
      'The certificate, or one of those above it in its chain, is past its last day. Nothing on the nodes can make up for that; it has to be renewed where it is served. A node whose clock runs ahead sees the same, so the message names the time it compared with. Very old runtimes print one text for "expired" and "not yet valid".',
    confirm,
    example:
      'tls: failed to verify certificate: x509: certificate has expired or is not yet valid: current time 2026-03-01T10:00:00Z is after 2026-01-31T23:59:59Z',
  },
  'tls-not-yet-valid': {
    title: 'the certificate of the registry is not valid yet, or the clocks differ',
    severity: 'error',
    owner: 'node administrator',
    summary: (facts) =>
      `the certificate of ${counterpart(facts)} ${facts['begins'] === undefined ? 'is not valid yet' : `is valid only from ${fact(facts, 'begins')}`}, by the clock of ${viewer(facts)}`,
    remedy: (facts) => [
      `${onNode(facts)}, hold the clock against a good one first; in a gap it is the usual culprit:`,
      '$ date -u',
      '$ chronyc tracking || timedatectl timesync-status',
      'Give the node a time server inside the gap, and set the clock:',
      '$ sudo chronyc makestep',
      'If the clock is right, the certificate was issued for a later date:',
      showCertificate(facts),
      ...tryAgain(facts),
    ],
    explanation:
      'By the clock of the node the first day of the certificate has not come. Mostly the node is behind: without a time server inside the gap clocks drift, and a machine whose clock battery is dead starts in the past. The message names the time the node believed it was.',
    confirm: ['On the node:', '$ date -u', ...confirm],
    example:
      'tls: failed to verify certificate: x509: certificate has expired or is not yet valid: current time 2024-01-01T00:00:07Z is before 2026-01-31T00:00:00Z',
  },
  'tls-name-mismatch': {
    title: 'the certificate of the registry is for other names',
    severity: 'error',
    owner: 'registry administrator',
    summary: (facts) =>
      facts['names'] === undefined
        ? `the certificate of ${counterpart(facts)} does not name ${hostName(facts)}`
        : `the certificate of ${counterpart(facts)} is for ${facts['names']}, not for ${facts['wanted'] ?? hostName(facts)}`,
    remedy: (facts) => [
      ...look(facts),
      `If one of its names leads to the same registry, use that name in the references. Otherwise issue it anew with ${hostName(facts)} among its subject alternative names; an address needs an entry of the kind "IP", not "DNS".`,
      'If the names belong to a firewall, gateway or captive portal, the connection never reached the registry: find out what answers there.',
      ...tryAgain(facts),
    ],
    explanation:
      'The certificate is trusted and in date, but the name or address in the image reference is not among its subject alternative names. It happens when a registry is called by an alias, a short name or its address, and when a proxy or a default backend answers in its place: then the names in the certificate tell who that is.',
    confirm,
    example:
      'tls: failed to verify certificate: x509: certificate is valid for old-registry.example.com, not registry.example.com',
  },
  'tls-legacy-cn': {
    title: 'the certificate of the registry has its name only in the Common Name',
    severity: 'error',
    owner: 'registry administrator',
    summary: (facts) => `the certificate of ${counterpart(facts)} has no subject alternative name, only a Common Name`,
    remedy: (facts) => [
      'Issue it anew with a subject alternative name; with openssl, for example:',
      `$ openssl req -new -key registry.key -subj /CN=${hostName(facts)} -addext subjectAltName=DNS:${hostName(facts)} -out registry.csr`,
      'When an authority of your own signs the request, tell it to copy the extension:',
      '$ openssl x509 -req -in registry.csr -CA ca.crt -CAkey ca.key -CAcreateserial -copy_extensions copy -days 365 -out registry.crt',
      ...tryAgain(facts),
    ],
    explanation:
      'Since Go 1.15 (containerd 1.5, Docker 20.10, CRI-O 1.20) the Common Name of a certificate is no longer read; the host must stand in the subject alternative names. Home-made authorities of older days left these out. The registry worked until the nodes were upgraded.',
    confirm,
    example:
      'tls: failed to verify certificate: x509: certificate relies on legacy Common Name field, use SANs instead',
  },
  'tls-plain-http': {
    title: 'the registry speaks plain HTTP where HTTPS was expected',
    severity: 'error',
    owner: 'node administrator',
    summary: (facts) => `${counterpart(facts)} answers in plain HTTP, and ${viewer(facts)} asked by HTTPS`,
    remedy: (facts) => [
      'Best: give the registry a certificate. Where plain HTTP is accepted inside the gap, tell every node so:',
      ...(facts['runtime'] === 'cri-o'
        ? [
            `$ sudo tee /etc/containers/registries.conf.d/50-plain-http.conf <<'EOF'\n[[registry]]\nlocation = "${address(facts)}"\ninsecure = true\nEOF`,
            '$ sudo systemctl reload crio',
          ]
        : facts['runtime'] === 'docker'
          ? [
              `add "${address(facts)}" to "insecure-registries" in /etc/docker/daemon.json, then`,
              '$ sudo systemctl reload docker',
            ]
          : [
              `$ sudo mkdir -p /etc/containerd/certs.d/${address(facts)}`,
              `$ sudo tee /etc/containerd/certs.d/${address(facts)}/hosts.toml <<'EOF'\nserver = "http://${address(facts)}"\n\n[host."http://${address(facts)}"]\n  capabilities = ["pull", "resolve"]\nEOF`,
            ]),
      ...tryAgain(facts),
    ],
    explanation:
      'Runtimes ask registries by HTTPS unless told otherwise; only localhost is exempt. A registry that was started without a certificate answers in plain text. The same text appears when a load balancer ends TLS on another port and the reference names the port behind it.',
    confirm: ['From a machine that reaches the registry; a status line proves it:', '$ curl -sSI http://HOST/v2/'],
    example:
      'failed to do request: Head "https://registry.example.com:5000/v2/team/app/manifests/1.0": http: server gave HTTP response to HTTPS client',
  },
  'tls-handshake': {
    title: 'the TLS handshake with the registry fails',
    severity: 'error',
    owner: 'registry administrator',
    summary: (facts) => `${viewer(facts)} and ${counterpart(facts)} do not come to an agreement in the TLS handshake`,
    remedy: (facts) => [
      `${onNode(facts)}, see how far the handshake comes:`,
      `$ openssl s_client -connect ${address(facts)} -servername ${hostName(facts)} </dev/null`,
      'If it hangs after the first message, large packets are lost on the way: compare the MTU of the node with that of the path.',
      `$ ping -M do -s 1472 -c 3 ${hostName(facts)}`,
      '"certificate required" or "bad certificate": the registry wants a client certificate; "handshake failure" or "protocol version": it offers no protocol or cipher that the node takes (TLS 1.2 at least); "first record does not look like a TLS handshake": something else than TLS listens on that port.',
      ...tryAgain(facts),
    ],
    explanation:
      'The connection was opened, but no encrypted session came about. A timeout here while the port is open points to a middlebox or to lost large packets, because the certificate is the first thing that does not fit into one packet. An alert is a decision of the registry: protocol version, cipher, or a missing client certificate.',
    confirm: ['On the node:', '$ openssl s_client -connect HOST:443 -servername HOST </dev/null'],
    example:
      'failed to do request: Head "https://registry.example.com/v2/team/app/manifests/1.0": net/http: TLS handshake timeout',
  },
};
