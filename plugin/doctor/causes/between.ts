import type { Facts } from '../finding.ts';
import { fact, word, type Cause } from './cause.ts';
import type { IdOf } from './ids.ts';
import { address, counterpart, host, onNode, showCertificate, tryAgain } from './place.ts';
import { nameToo, viewer } from './seen.ts';

const unit = (facts: Facts): string =>
  ({ 'cri-o': 'crio', docker: 'docker', k3s: 'k3s', rke2: 'rke2-agent' })[facts['runtime'] ?? ''] ?? 'containerd';

const showProxy = (facts: Facts): readonly string[] => [
  `${onNode(facts)}, see which proxy the container runtime is told to use:`,
  `$ sudo systemctl show ${unit(facts)} -p Environment -p EnvironmentFiles`,
];

const mendProxy = (facts: Facts): readonly string[] => [
  `$ sudo systemctl edit ${unit(facts)}`,
  `$ sudo systemctl daemon-reload && sudo systemctl restart ${unit(facts)}`,
];

const asRegistry = (facts: Facts): string =>
  facts['role'] === 'registry' ? host(facts) : host({ host: facts['upstream'] ?? '' });

const confirmProxy = [
  'On the node, see the environment of the runtime (HTTPS_PROXY, NO_PROXY):',
  '$ sudo systemctl show containerd crio docker -p Environment',
];

export const between: Readonly<Record<IdOf<'between'>, Cause>> = {
  'proxy-unreachable': {
    title: 'the proxy of the node is out of reach or refuses',
    severity: 'error',
    owner: 'node administrator',
    summary: (facts) =>
      facts['role'] === 'proxy'
        ? `the container runtime goes through a proxy, ${fact(facts, 'host')}, and cannot reach it`
        : `the proxy of the node refused to open a way to ${fact(facts, 'host')}${facts['status'] === undefined ? '' : ` (${facts['status'].trim()})`}`,
    remedy: (facts) => [
      ...showProxy(facts),
      `A registry inside the gap needs no proxy: add it, and the networks of pods and services, to NO_PROXY, for example NO_PROXY=${asRegistry(facts)},.svc,.cluster.local,10.0.0.0/8 :`,
      ...mendProxy(facts),
      'If there is no proxy any more, take the variables out in the same way. If it is needed, see that it is up and allows this host.',
      ...tryAgain(facts),
    ],
    explanation:
      'The runtime was started with HTTPS_PROXY, so it asks that proxy to open every connection that NO_PROXY does not name, also the one to a registry next door. The proxy does not answer, wants a login (407) or refuses the host; then only its short refusal shows, such as "Forbidden". NO_PROXY takes names, suffixes with a leading dot, addresses and CIDR ranges, and no asterisks.',
    confirm: confirmProxy,
    example:
      'failed to do request: Head "https://registry.example.com/v2/team/app/manifests/1.0": proxyconnect tcp: dial tcp 192.0.2.20:3128: connect: connection refused',
  },
  'proxy-malformed': {
    title: 'the proxy setting of the node is malformed',
    severity: 'error',
    owner: 'node administrator',
    summary: () =>
      'the proxy variable of the container runtime is not a valid URL, so the runtime looks for a host by the name of its scheme',
    remedy: (facts) => [
      ...showProxy(facts),
      'Write it as http://HOST:PORT, once and without quotes inside: http://http://proxy:3128, proxy:port and "http//proxy" are the usual errors:',
      ...mendProxy(facts),
      ...tryAgain(facts),
    ],
    explanation:
      'The value of HTTPS_PROXY cannot be read as a URL. When the scheme stands twice, the second one is taken for the host, and the message speaks of looking up a host called "http".',
    confirm: confirmProxy,
    example: 'proxyconnect tcp: dial tcp: lookup http on 192.0.2.53:53: no such host',
  },
  'registry-error': {
    title: 'the registry fails with an error of its own',
    severity: 'error',
    owner: 'registry administrator',
    summary: (facts) =>
      `${counterpart(facts)} answered with an error${facts['status'] === undefined ? '' : `: ${facts['status'].trim()}`}`,
    remedy: (facts) => [
      'See whether it fails for every request:',
      `$ curl -sS -k -o /dev/null -w '%{http_code}\\n' https://${address(facts)}/v2/`,
      'Read its log at the time of the pull. 502, 503 and 504 come from the proxy before it, which has no healthy backend; 500 mostly means that its storage or database cannot be reached, or that its disk is full.',
      'If it runs in this cluster:',
      '$ kubectl get pods -A | grep -i registry',
      ...tryAgain(facts),
    ],
    explanation:
      'The way to the registry is open and the request was understood, but the registry or the proxy before it could not serve it. The node can do nothing about it and tries again by itself.',
    confirm: [
      "$ curl -sS -k -o /dev/null -w '%{http_code}\\n' https://HOST/v2/",
      "$ curl -sS -k -o /dev/null -w '%{http_code}\\n' https://HOST/v2/REPOSITORY/manifests/TAG",
    ],
    example:
      'unexpected status from HEAD request to https://registry.example.com/v2/team/app/manifests/1.0: 502 Bad Gateway',
  },
  'registry-policy': {
    title: 'a rule of the registry blocks the image',
    severity: 'error',
    owner: 'registry administrator',
    summary: (facts) =>
      `${counterpart(facts)} has the image and does not give it out, because a rule of its own blocks it`,
    remedy: (facts) => [
      'The evidence says which rule. For vulnerabilities: have the image scanned there, then mend it or let the project administrator allow the finding; for signatures: sign the copy in this registry, since signatures are not copied along unless asked for:',
      `$ skopeo copy --all --preserve-digests docker://ORIGINAL docker://${word(facts, 'image')}`,
      'Where a scanner has no current database (a common state in a gap), "not scanned" also counts as blocked: bring it an offline database.',
      ...tryAgain(facts),
    ],
    explanation:
      'Registries such as Harbor, Artifactory and Nexus can refuse images that are not scanned, have known vulnerabilities, are not signed, or are quarantined. The image is there and the login is good; only the rule stands in between.',
    confirm: ['See the text of the refusal:', '$ crane manifest IMAGE'],
    example:
      '412 Precondition Failed: current image with 3 vulnerabilities cannot be pulled due to configured policy in \'Prevent images with vulnerability severity of "Critical" or higher from running.\'',
  },
  'redirect-unreachable': {
    title: 'the registry sends the download to a host that the node cannot use',
    severity: 'error',
    owner: 'registry administrator',
    summary: (facts) =>
      facts['redirects'] === undefined
        ? `${counterpart({ ...facts, role: 'redirect' })}, ${facts['named'] === 'no' ? 'was not named, so it was not contacted' : `is out of reach for ${viewer(facts)}`}`
        : `${counterpart(facts)} sends the download from one address to the next without end (${facts['redirects']} redirects)`,
    remedy: (facts) => [
      ...(facts['named'] === 'no' ? nameToo(facts) : []),
      'Best: let the registry deliver the data itself. Distribution: storage.redirect.disable: true; Harbor: disableredirect; Nexus and GitLab have a switch of the same kind ("proxy download").',
      `Otherwise every node must resolve and reach ${address(facts)} and trust its certificate:`,
      `$ curl -sS -o /dev/null -w '%{http_code}\\n' https://${address(facts)}/`,
      showCertificate(facts),
      'Object stores also refuse signed addresses when their clock and that of the registry differ by some minutes.',
      ...tryAgain(facts),
    ],
    explanation:
      'Many registries answer a request for a layer with a redirect to the object store or CDN where it lies. That host must be open to the nodes too; it is easily forgotten in firewall rules and certificates, and inside a gap it is often a name that only the registry knows. Manifests arrive and layers fail: that is the sign of it.',
    confirm: [
      'See where the registry sends the download:',
      '$ curl -sS -k -D - -o /dev/null https://HOST/v2/REPOSITORY/blobs/DIGEST | grep -i ^location',
    ],
    example:
      'failed to pull and unpack image "registry.example.com/team/app:1.0": failed to copy: httpReadSeeker: failed open: failed to do request: Get "https://blobs.example.net/docker/registry/v2/blobs/sha256/2c/data": dial tcp: lookup blobs.example.net: no such host',
  },
};
