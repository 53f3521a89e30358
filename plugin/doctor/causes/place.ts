import type { Facts } from '../finding.ts';
import { word } from './cause.ts';
import { rancher } from './rancher.ts';
import { lookAgain, seenHere } from './seen.ts';

/** Hosts are taken from references and messages, which anybody can write; what is no host is not put into a command. */
export function host(facts: Facts): string {
  const value = facts['host'] ?? facts['upstream'];
  return value !== undefined && isHost(value) ? value : 'HOST';
}

function isHost(value: string): boolean {
  return /^[\w.-]{1,253}(?::\d{1,5})?$|^\[[\da-fA-F:.]{2,45}\](?::\d{1,5})?$/.test(value);
}

/** `host:port`: where a registry really answers. */
export function address(facts: Facts): string {
  const value = host(facts).replace(/^docker\.io$/, 'registry-1.docker.io');
  return /:\d+$/.test(value) && !value.endsWith(']') ? value : `${value}:443`;
}

/** The host without its port, as certificates and resolvers know it. */
export function hostName(facts: Facts): string {
  return address(facts).replace(/:\d+$/, '');
}

/** "the mirror mirror.internal:5000": who it was, and in what part. */
export function counterpart(facts: Facts): string {
  const name = facts['host'] ?? facts['upstream'] ?? 'HOST';
  switch (facts['role']) {
    case 'mirror':
      return `the mirror ${name}`;
    case 'redirect':
      return `${name}, to which the registry redirects downloads`;
    case 'token':
      return `the token service ${name}`;
    case 'proxy':
      return `the proxy ${name}`;
    case undefined:
    default:
      return `the registry ${name}`;
  }
}

/** "On node worker-1", to begin a step with. */
export function onNode(facts: Facts): string {
  return facts['node'] === undefined ? 'On the node' : `On node ${facts['node']}`;
}

/** The last step of a remedy: see it work without waiting for the kubelet's back-off. */
export function tryAgain(facts: Facts): readonly string[] {
  if (seenHere(facts) && facts['image'] === undefined) return lookAgain(facts);
  return [
    ...(facts['scope'] === 'sandbox' ? sandboxSetting(facts) : []),
    `${onNode(facts)}, try the pull by hand; the kubelet itself tries again within five minutes:`,
    `$ sudo ${rancher(facts)?.crictl ?? 'crictl'} pull ${word(facts, 'image')}`,
  ];
}

/** The reference of the sandbox image stands on the node. */
function sandboxSetting(facts: Facts): readonly string[] {
  const look =
    facts['runtime'] === 'cri-o'
      ? ['$ sudo grep -rn pause_image /etc/crio/']
      : facts['runtime'] === 'docker'
        ? ["$ ps -o args= -C cri-dockerd,kubelet | tr ' ' '\\n' | grep pod-infra-container-image"]
        : ['$ sudo containerd config dump | grep -nE "sandbox_image|sandbox = "'];
  return [
    'This is the sandbox image. No manifest, policy or pull secret has a say in it: its reference stands in the configuration of the runtime, on every node. If another registry has the image, name that one there and restart the runtime:',
    ...look,
    'It can also be brought to the node as an archive, under exactly this name:',
    '$ sudo ctr -n k8s.io images import pause.tar',
  ];
}

/** The registry whose configuration on the node decides where its images come from. */
function configured(facts: Facts): string {
  const value = facts['upstream'] ?? facts['host'];
  return value !== undefined && isHost(value) ? value : 'HOST';
}

/** Shows how the node's runtime is told to reach a registry. */
export function showConfiguration(facts: Facts): readonly string[] {
  const own = rancher(facts);
  if (own !== undefined)
    return [`$ sudo cat ${own.registries}`, `$ sudo cat ${own.certificates}/${configured(facts)}/hosts.toml`];
  const containerd = [
    `$ sudo cat /etc/containerd/certs.d/${configured(facts)}/hosts.toml /etc/containerd/certs.d/_default/hosts.toml`,
    '$ sudo grep -n config_path /etc/containerd/config.toml',
  ];
  const crio = ['$ sudo cat /etc/containers/registries.conf', '$ sudo ls /etc/containers/registries.conf.d'];
  switch (facts['runtime']) {
    case 'containerd':
      return containerd;
    case 'cri-o':
      return crio;
    case 'docker':
      return ['$ sudo cat /etc/docker/daemon.json'];
    case undefined:
    default:
      return ['With containerd:', ...containerd, 'With CRI-O:', ...crio];
  }
}

/** Makes the node trust the authority that signed a registry's certificate; the PEM is in `ca.crt`. */
export function trustAuthority(facts: Facts): readonly string[] {
  const name = host(facts);
  const own = rancher(facts);
  if (own !== undefined)
    return [
      `$ sudo install -D -m 0644 ca.crt ${own.registries.replace('registries.yaml', 'registry-ca.crt')}`,
      `and in ${own.registries}, under "configs":  "${name}": {tls: {ca_file: ${own.registries.replace('registries.yaml', 'registry-ca.crt')}}}`,
      own.restart,
    ];
  if (facts['runtime'] === 'cri-o') return [`$ sudo install -D -m 0644 ca.crt /etc/containers/certs.d/${name}/ca.crt`];
  if (facts['runtime'] === 'docker') return [`$ sudo install -D -m 0644 ca.crt /etc/docker/certs.d/${name}/ca.crt`];
  if (facts['role'] === 'mirror')
    return [
      `$ sudo install -D -m 0644 ca.crt /etc/containerd/certs.d/${configured(facts)}/ca.crt`,
      `and in /etc/containerd/certs.d/${configured(facts)}/hosts.toml, under [host."https://${name}"], add the line ca = "ca.crt"`,
    ];
  return [
    `$ sudo install -D -m 0644 ca.crt /etc/containerd/certs.d/${name}/ca.crt`,
    `Where a hosts.toml stands beside it, its [host] section must also have the line ca = "ca.crt"; containerd reads both at each pull, if config_path in its config.toml names /etc/containerd/certs.d.`,
    ...(facts['runtime'] === 'containerd'
      ? []
      : ['CRI-O and Docker take ca.crt from /etc/containers/certs.d and /etc/docker/certs.d instead.']),
  ];
}

/** Shows the certificate that a host presents, with its dates and names. */
export function showCertificate(facts: Facts): string {
  return `$ openssl s_client -connect ${address(facts)} -servername ${hostName(facts)} </dev/null | openssl x509 -noout -subject -issuer -dates -ext subjectAltName`;
}

/** The reference without tag and digest, as one word of a command. */
export function repository(facts: Facts): string {
  const image = facts['image']?.replace(/@.*$/s, '').replace(/:[^/:]*$/, '');
  return word(image === undefined ? {} : { repository: image }, 'repository');
}
