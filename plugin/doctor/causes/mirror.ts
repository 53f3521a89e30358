import type { Facts } from '../finding.ts';
import { fact, word, type Cause } from './cause.ts';
import type { IdOf } from './ids.ts';
import { againstLock, copyLocked, verifyAgain } from './locked.ts';
import { host, onNode, showConfiguration, tryAgain } from './place.ts';
import { rancher } from './rancher.ts';
import { lookAgain, seenHere } from './seen.ts';

const upstream = (facts: Facts): string => fact(facts, 'upstream');

/** Only containerd keeps to itself which hosts it has tried. */
const seeAttempts = (facts: Facts): readonly string[] =>
  facts['runtime'] === 'cri-o'
    ? []
    : [
        'Its log names each host it tried:',
        rancher(facts) === undefined
          ? '$ sudo journalctl -u containerd --since -1h | grep -E "trying next host|fetch failed"'
          : `$ sudo grep -E "trying next host|fetch failed" ${rancher(facts)?.log}`,
      ];

/** How a mirror is written down for this node. */
function writeMirror(facts: Facts): readonly string[] {
  const name = host({ host: facts['upstream'] ?? '' });
  const own = rancher(facts);
  if (own !== undefined)
    return [`in ${own.registries}, under "mirrors":  "${name}": {endpoint: ["https://MIRROR"]}`, own.restart];
  if (facts['runtime'] === 'cri-o')
    return [
      `$ sudo tee /etc/containers/registries.conf.d/50-mirror.conf <<'EOF'\n[[registry]]\nlocation = "${name}"\n[[registry.mirror]]\nlocation = "MIRROR"\nEOF`,
      '$ sudo systemctl reload crio',
    ];
  return [
    `$ sudo mkdir -p /etc/containerd/certs.d/${name} && sudo tee /etc/containerd/certs.d/${name}/hosts.toml <<'EOF'\nserver = "https://MIRROR"\n\n[host."https://MIRROR"]\n  capabilities = ["pull", "resolve"]\n  ca = "/etc/containerd/certs.d/${name}/ca.crt"\nEOF`,
  ];
}

/** Enough of a digest to tell two apart by eye. */
const short = (facts: Facts, name: string): string => fact(facts, name).slice(0, 'sha256:'.length + 12);

/** The name without its tag, by which the digest that runs can still be asked for. */
function whatRuns(facts: Facts): string {
  const repository = fact(facts, 'mirror').replace(/:[^:/]*$/, '');
  return word({ reference: `${repository}@${fact(facts, 'running')}` }, 'reference');
}

/** The policy says by what name the mirror has it, so the copy can be spelt out. */
const fillMirror = (facts: Facts): readonly string[] => [
  'Where the image can be had, take it out with all its platforms:',
  `$ skopeo copy --all docker://${word(facts, 'image')} oci-archive:image.tar`,
  'Inside, put it where the policy has it:',
  `$ skopeo copy --all oci-archive:image.tar docker://${word(facts, 'mirror')}`,
  ...lookAgain(facts),
];

const confirm = [
  'On the node, see which mirror is configured for the registry:',
  '$ sudo cat /etc/containerd/certs.d/REGISTRY/hosts.toml',
  'and which hosts were tried:',
  '$ sudo journalctl -u containerd --since -1h | grep -E "trying next host|fetch failed"',
  'Ask the mirror for the image; 200 means that it has it:',
  "$ curl -sS -o /dev/null -w '%{http_code}\\n' 'https://MIRROR/v2/REPOSITORY/manifests/TAG?ns=REGISTRY'",
];

export const mirror: Readonly<Record<IdOf<'mirror'>, Cause>> = {
  'mirror-fell-through': {
    title: 'the mirror did not deliver, and the node went on to the internet',
    severity: 'error',
    owner: 'registry administrator',
    summary: (facts) =>
      `if a mirror stands before ${upstream(facts)}, it did not deliver ${fact(facts, 'image')}, and the node went on to ${upstream(facts)} itself`,
    remedy: (facts) => [
      `${onNode(facts)}, see which mirror is configured for ${upstream(facts)}:`,
      ...showConfiguration(facts),
      ...seeAttempts(facts),
      'If there is one, copy the image into it, or start it. The error that is shown is not its own: this runtime keeps to itself that a mirror has said "not found".',
      'If there is none, configure one, or let the references name a registry inside the gap.',
      'A mirror is written like this; with containerd it is the last word only where "server" names it too:',
      ...writeMirror(facts),
      ...tryAgain(facts),
    ],
    explanation:
      'A runtime that is given mirrors tries them in turn and then the registry itself. Docker shows the error of the last one; containerd 1 drops the "not found" of a mirror and shows the first other error. So an error about a registry on the internet mostly means that the mirror lacks the image (or, with Docker, is down), not that DNS or the firewall is at fault: they do what they should.',
    confirm,
    example:
      'failed to resolve reference "docker.io/library/redis:7.2": failed to do request: Head "https://registry-1.docker.io/v2/library/redis/manifests/7.2": dial tcp: lookup registry-1.docker.io: no such host (containerd 1.7, with a mirror that lacks the image)',
  },
  'mirror-miss': {
    title: 'the mirror does not have the image',
    severity: 'error',
    owner: 'registry administrator',
    summary: (facts) =>
      facts['role'] === 'mirror'
        ? `the mirror ${fact(facts, 'host')} does not have ${fact(facts, 'image')}`
        : `if a mirror stands before ${upstream(facts)}, it does not have ${fact(facts, 'image')}`,
    remedy: (facts) =>
      facts['lock'] !== undefined
        ? copyLocked(facts)
        : seenHere(facts)
          ? fillMirror(facts)
          : [
              `${onNode(facts)}, see which mirror is configured for ${upstream(facts)} and under which path it keeps these images:`,
              ...showConfiguration(facts),
              ...seeAttempts(facts),
              'Copy the image there, with all its platforms, under the path that the configuration leads to:',
              `$ skopeo copy --all oci-archive:image.tar docker://${facts['role'] === 'mirror' ? host(facts) : 'MIRROR'}/PATH:TAG`,
              ...tryAgain(facts),
            ],
    explanation:
      'The mirror was asked and answered that it has no such image. CRI-O names it; containerd 2 does not: it prints the reference as written, with the name of the registry on the internet, followed by "not found", although that registry was never reached. Whoever then looks for the tag on the internet finds it there, and wonders. The image was not copied, or lies under another path than the one the configuration leads to.',
    confirm,
    example:
      'rpc error: code = NotFound desc = failed to pull and unpack image "docker.io/library/redis:7": failed to resolve image: docker.io/library/redis:7: not found',
  },
  'mirror-config': {
    title: 'the configuration of registries on the node is wrong or not in effect',
    severity: 'error',
    owner: 'node administrator',
    summary: (facts) =>
      facts['inner'] === undefined
        ? `${facts['node'] ?? 'the node'} cannot use its configuration for the registry ${upstream(facts)}`
        : `no mirror is in effect for ${upstream(facts)} on ${facts['node'] ?? 'the node'}: none is configured, or its configuration cannot be read`,
    remedy: (facts) => [
      `${onNode(facts)}, read the configuration; a file that cannot be decoded is only logged, and the mirror is then silently left out:`,
      ...showConfiguration(facts),
      rancher(facts) === undefined
        ? '$ sudo journalctl -u containerd -u crio --since -1h | grep -iE "failed to decode|hosts.toml|registries.conf|ca cert"'
        : `$ sudo grep -iE "failed to decode|hosts.toml|ca cert" ${rancher(facts)?.log}`,
      'Each file that it names (ca, client) must exist and be readable, and config_path must lead to the directory. A mirror is written like this:',
      ...writeMirror(facts),
      ...tryAgain(facts),
    ],
    explanation:
      'Where images come from is told to each node in files: hosts.toml under config_path for containerd, registries.conf for CRI-O. A file with a typing error, a CA file that is missing or unreadable, http:// before a port that speaks TLS, or a config_path that is not set make the node go straight to the registry in the reference, or fail at once. containerd 2 shows the error of a registry on the internet only when no mirror is in effect.',
    confirm: [
      'On the node:',
      '$ sudo cat /etc/containerd/certs.d/REGISTRY/hosts.toml',
      '$ sudo grep -n config_path /etc/containerd/config.toml',
      '$ sudo journalctl -u containerd --since -1h | grep -i "failed to decode"',
    ],
    example:
      'failed to resolve reference "registry.example.com/team/app:1.0": unable to load CA cert "/etc/containerd/certs.d/registry.example.com/ca.crt"',
  },
  'mirror-drift': {
    title: 'the registry serves something else under the tag than what runs',
    severity: 'warning',
    owner: 'registry administrator',
    summary: (facts) =>
      facts['locked'] === undefined
        ? `${fact(facts, 'image')} runs as ${short(facts, 'running')}, and ${fact(facts, 'registry')} now serves ${short(facts, 'served')} under that name`
        : facts['running'] === undefined
          ? `the lock pins ${fact(facts, 'image')} as ${short(facts, 'locked')}, and ${fact(facts, 'registry')} serves ${short(facts, 'served')} under its tag`
          : `the lock pins ${fact(facts, 'image')} as ${short(facts, 'locked')}, and pods run ${short(facts, 'running')}`,
    remedy: (facts) =>
      facts['locked'] !== undefined
        ? againstLock(facts)
        : [
            'If the new build is wanted, restart what uses it, so that all of it runs the same:',
            `$ kubectl get pods -n ${word(facts, 'namespace')} -o custom-columns='pod:.metadata.name,image:.spec.containers[*].image,id:.status.containerStatuses[*].imageID'`,
            'If it is not, put the tag back on what runs:',
            `$ skopeo copy --all --preserve-digests docker://${whatRuns(facts)} docker://${word(facts, 'mirror')}`,
            'To be safe from moving tags, pin the images by digest:',
            '$ kubectl airgap lock',
          ],
    explanation:
      'A tag is a name that can be moved. Pods that run keep what they pulled; the next pod that starts on a node without the image gets what the tag names by then, and two replicas of one Deployment run different programs. The digests that the runtimes report are compared with what the registry serves under the same name now: the index, the image of each platform, or its configuration.',
    confirm: [
      'See what runs:',
      "$ kubectl get pod POD -n NAMESPACE -o jsonpath='{.status.containerStatuses[*].imageID}'",
      'and what the registry serves:',
      "$ skopeo inspect --format '{{.Digest}}' docker://IMAGE",
    ],
  },
  'not-locked': {
    title: 'pods run an image that the lock does not name',
    severity: 'warning',
    owner: 'author of the manifest',
    summary: (facts) => `pods run ${fact(facts, 'image')}, which ${fact(facts, 'lock')} does not name`,
    remedy: (facts) => [
      'If it belongs there, add it; the images of a whole cluster are found by:',
      `$ kubectl airgap lock --lock ${word(facts, 'lock')}`,
      'If not, find who brought it, and take it away there:',
      `$ kubectl airgap images --why ${word(facts, 'image')}`,
      ...verifyAgain(facts),
    ],
    explanation:
      'The lock is the list of what has to be inside the gap. An image that runs and is not in it was brought in by another way: from a registry that the nodes can still reach, from what a node held already, or by hand. It works until the pod moves to a node that does not have it, and the next transfer over the gap leaves it out.',
    confirm: [
      'See what runs and who needs it:',
      '$ kubectl airgap images --why IMAGE',
      'and what the lock holds:',
      '$ grep -n "image:" airgap.lock.yaml',
    ],
  },
};
