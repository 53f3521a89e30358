import type { Facts } from '../finding.ts';
import { fact, word, type Cause } from './cause.ts';
import type { IdOf } from './ids.ts';
import { copyLocked } from './locked.ts';
import { counterpart, onNode, repository, tryAgain } from './place.ts';

const inspect = (facts: Facts): string => `$ crane manifest ${word(facts, 'image')} | jq .`;

/** Where a copy of the image belongs: never on the internet. */
const destination = (facts: Facts): string =>
  facts['internet'] === 'yes' ? 'docker://REGISTRY/PATH:TAG' : `docker://${word(facts, 'image')}`;

const copy = (facts: Facts): readonly string[] => [
  'Copy it with all its platforms: outside into an archive, and inside the gap from the archive into the registry:',
  '$ skopeo copy --all docker://ORIGINAL oci-archive:image.tar',
  `$ skopeo copy --all oci-archive:image.tar ${destination(facts)}`,
];

const confirmManifest = [
  'From a machine that reaches the registry, see what it holds under this name:',
  '$ crane manifest IMAGE | jq .',
  '$ crane ls REPOSITORY',
];

const shortDigest = (digest: string | undefined): string => digest?.slice(0, 19) ?? 'DIGEST';

export const content: Readonly<Record<IdOf<'content'>, Cause>> = {
  'image-not-found': {
    title: 'the image is not in the registry',
    severity: 'error',
    owner: 'author of the manifest',
    summary: (facts) =>
      facts['internet'] === 'yes'
        ? `${fact(facts, 'image')} is not found: ${counterpart(facts)}, or a mirror that stands before it, says that it has none`
        : `${counterpart(facts)} has no ${fact(facts, 'image')}`,
    remedy: (facts) => [
      ...(facts['internet'] === 'yes'
        ? [
            `${fact(facts, 'upstream')} is on the internet. Inside a gap the image has to lie in the mirror that stands before it, or in a registry inside that the reference names.`,
          ]
        : [
            'See what is there under this name; a typing error in the tag is the most frequent reason:',
            `$ crane ls ${repository(facts)}`,
            'If it is there under another tag, correct the reference. If not, it was never brought into the gap, or a clean-up rule has removed it.',
          ]),
      ...copy(facts),
      ...tryAgain(facts),
    ],
    explanation:
      'The registry was reached, and it answered that it has no such repository, tag or digest. The tag is misspelt, was deleted by a clean-up rule, or the image was never copied into the registry of the gap. With a digest, the copy may have been made for one platform only: that changes the digest of a multi-platform image. The same text for a single layer means that the copy in the registry is incomplete.',
    confirm: confirmManifest,
    example:
      'rpc error: code = NotFound desc = failed to pull and unpack image "registry.example.com/team/app:1.0": failed to resolve image: registry.example.com/team/app:1.0: not found',
  },
  'platform-missing': {
    title: 'the image has no variant for the platform of the node',
    severity: 'error',
    owner: 'registry administrator',
    summary: (facts) =>
      `${fact(facts, 'image')} has no variant for ${facts['platform'] ?? facts['architecture'] ?? 'the architecture of the node'}`,
    remedy: (facts) =>
      facts['lock'] !== undefined
        ? copyLocked(facts)
        : [
            'Compare the platforms of the image with those of the nodes:',
            `$ crane manifest ${word(facts, 'image')} | jq -c '.manifests[]?.platform'`,
            '$ kubectl get nodes -L kubernetes.io/arch,kubernetes.io/os',
            'If the copy in the registry has lost them, it was made for one platform only.',
            ...copy(facts),
            'If the original has none for this architecture either, keep the pods to nodes that it has one for, with a nodeSelector on kubernetes.io/arch.',
          ],
    explanation:
      'An image can be an index of several variants, one for each platform, and none of them is for this node. Copying with "docker pull" and "docker push", or without --all, keeps only the variant of the machine that copied. An image without any platform entry is refused in the same words.',
    confirm: [
      "$ crane manifest IMAGE | jq -c '.manifests[]?.platform'",
      '$ kubectl get node NODE -L kubernetes.io/arch,kubernetes.io/os',
    ],
    example:
      'failed to pull and unpack image "registry.example.com/team/app:1.0": no match for platform in manifest: not found',
  },
  'digest-mismatch': {
    title: 'what the registry sent is not what the digest promises',
    severity: 'error',
    owner: 'registry administrator',
    summary: (facts) =>
      facts['got'] === undefined
        ? `${counterpart(facts)} sent content for ${fact(facts, 'image')} whose digest is wrong`
        : `${counterpart(facts)} sent ${shortDigest(facts['got'])}… where ${shortDigest(facts['wanted'])}… was promised`,
    remedy: (facts) => [
      'Check the copy in the registry against itself:',
      `$ crane validate --remote ${word(facts, 'image')}`,
      'If that fails, delete the image there (and empty the cache of a pull-through mirror), and copy it again.',
      ...copy(facts),
      'If it is sound, something between registry and node changes the content, such as a proxy that scans downloads: exempt the registry from it.',
      ...tryAgain(facts),
    ],
    explanation:
      'Every part of an image is named by the hash of its content, and the node computed another hash over what it received. The storage of the registry or the cache of a mirror is damaged, an upload was cut, or a proxy on the way rewrote the content. A digest of e3b0c44298fc1c14… is that of nothing at all: an empty answer was stored. The node is right to refuse it.',
    confirm: ['From a machine that reaches the registry:', '$ crane validate --remote IMAGE'],
    example:
      'failed commit on ref "manifest-sha256:2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae": unexpected commit digest sha256:fcde2b2edba56bf408601fb721fe9b5c338d10ee429ea04fae5511b68fbf8fb9, expected sha256:2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae: failed precondition',
  },
  'schema1-removed': {
    title: 'the image has the old manifest format (schema 1) that runtimes no longer read',
    severity: 'error',
    owner: 'author of the image',
    summary: (facts) => `${fact(facts, 'image')} is stored as a schema 1 manifest, which this runtime no longer reads`,
    remedy: (facts) => [
      'Convert it once, with a tool that still reads the old format, and store it again under the same name:',
      `$ skopeo copy --format v2s2 docker://${word(facts, 'image')} docker://${word(facts, 'image')}`,
      'Find the others before the next upgrade of a node; each line that says prettyjws is one:',
      `$ crane manifest ${word(facts, 'image')} | jq -r '.mediaType // "schema " + (.schemaVersion|tostring)'`,
      ...tryAgain(facts),
    ],
    explanation:
      'Until 2016 Docker stored images in a format called schema 1. containerd 2 and Docker 28 refuse it. Old images and old registries (or mirrors that convert for old clients) still serve it, so pods that have run for years fail after the upgrade of a node.',
    confirm: ['$ crane manifest IMAGE | jq .schemaVersion'],
    example:
      'not implemented: media type "application/vnd.docker.distribution.manifest.v1+prettyjws" is no longer supported since containerd v2.0',
  },
  'media-type-unsupported': {
    title: 'the runtime cannot use what the reference leads to',
    severity: 'error',
    owner: 'author of the image',
    summary: (facts) =>
      `${fact(facts, 'image')} is ${facts['mediaType'] === undefined ? 'of a kind' : `of the type ${facts['mediaType']},`} that this runtime cannot run as an image`,
    remedy: (facts) => [
      'See what it is:',
      inspect(facts),
      'If it is a chart, a signature, an attestation or another artifact, the reference is wrong: correct it. A digest that was copied from an index can be that of an attestation.',
      'If its layers are compressed or encrypted in a way that the runtime does not know, build it again with gzip, or upgrade the runtime.',
    ],
    explanation:
      'Registries hold more than container images: charts, signatures, software bills, encrypted or newly compressed layers. The node got something whose media type it has no reader for. A registry or proxy that sends a wrong Content-Type causes the same.',
    confirm: ['$ crane manifest IMAGE | jq "{mediaType, config: .config.mediaType, layers: [.layers[]?.mediaType]}"'],
    example: 'unexpected media type application/octet-stream for sha256:2c26b46b68ff…: not found',
  },
  'captive-portal': {
    title: 'a web page came instead of the image',
    severity: 'error',
    owner: 'network administrator',
    summary: (facts) => `${counterpart(facts)} answered with a web page (HTML) instead of an image manifest`,
    remedy: (facts) => [
      `${onNode(facts)}, read the page; its title mostly says whose it is:`,
      `$ curl -sSL -k https://${fact(facts, 'host') === 'docker.io' ? 'registry-1.docker.io' : word(facts, 'host')}/v2/ | head -c 600`,
      'A login page or a block page of a proxy: exempt the registry from it, or send the nodes past it (NO_PROXY).',
      'A page of the registry itself: its reverse proxy sends /v2/ to the web interface; correct that route.',
      'If a mirror has stored the page as a manifest, delete the image there and pull again.',
      ...tryAgain(facts),
    ],
    explanation:
      'Something answered "200 OK" with HTML where a JSON manifest belongs: a captive portal, the block page of a filtering proxy, a single-sign-on page, or a reverse proxy that knows no /v2/. A pull-through mirror may have kept that page in its cache and goes on serving it.',
    confirm: ['On the node:', '$ curl -sSL -k https://HOST/v2/ | head -c 600'],
    example: 'unexpected media type text/html for sha256:2c26b46b68ff…: not found',
  },
  'layer-truncated': {
    title: 'a download ended before its end',
    severity: 'error',
    owner: 'registry administrator',
    summary: (facts) => `a part of ${fact(facts, 'image')} arrived from ${counterpart(facts)} shorter than announced`,
    remedy: (facts) => [
      'See whether the registry can deliver the whole image:',
      `$ crane validate --remote ${word(facts, 'image')}`,
      'If it cannot, the upload was incomplete or its disk is damaged: delete the image there and copy it again.',
      ...copy(facts),
      'If it can, something cuts long downloads: look at time and size limits of the reverse proxy (nginx: proxy_read_timeout, proxy_max_temp_file_size) and of firewalls.',
      ...tryAgain(facts),
    ],
    explanation:
      'The registry announced a size and the connection ended before so many bytes had come. Either the stored file is short, or a proxy, load balancer or firewall on the way ends transfers that last too long or grow too large. That large layers fail and small ones arrive speaks for the way.',
    confirm: ['$ crane validate --remote IMAGE'],
    example: 'failed to copy: unexpected EOF',
  },
  'layer-extract-failed': {
    title: 'a layer arrived and cannot be unpacked',
    severity: 'error',
    owner: 'author of the image',
    summary: (facts) => `a layer of ${fact(facts, 'image')} arrived whole and cannot be unpacked on the node`,
    remedy: (facts) => [
      'See whether the layer itself is at fault, on another machine:',
      `$ crane validate --remote ${word(facts, 'image')}`,
      `$ crane export ${word(facts, 'image')} - | tar -tf - >/dev/null`,
      'If that fails, build or copy the image again. If it succeeds, look at the node: user namespaces with too few ids ("insufficient UIDs"), missing extended attributes or a snapshotter that does not fit the file system.',
      '$ sudo journalctl -u containerd -u crio --since -1h | tail -50',
      ...tryAgain(facts),
    ],
    explanation:
      'The content has the right digest, so it is what was pushed, but unpacking it fails: the archive is damaged or in a format that the runtime does not know, or the file system, the snapshotter or the id ranges of the node do not allow what it contains.',
    confirm: ['$ crane export IMAGE - | tar -tf - >/dev/null'],
    example:
      'failed to extract layer sha256:2c26b46b68ff…: mount callback failed on /var/lib/containerd/tmpmounts/containerd-mount123: archive/tar: invalid tar header: unknown',
  },
  'node-content-corrupt': {
    title: 'the image store of the node is damaged',
    severity: 'error',
    owner: 'node administrator',
    summary: (facts) =>
      `the store of ${facts['node'] ?? 'the node'} lacks or cannot read parts of ${fact(facts, 'image')} that it believes to have`,
    remedy: (facts) => [
      `${onNode(facts)}, remove the image, so that it is fetched anew:`,
      `$ sudo crictl rmi ${word(facts, 'image')}`,
      `$ sudo crictl pull ${word(facts, 'image')}`,
      'If it fails again, look for a failing disk:',
      "$ sudo dmesg --level=err,warn | grep -iE 'i/o error|ext4|xfs|nvme|sd[a-z]' | tail",
      'As a last resort empty the store of this node (drain it first; every image is pulled again):',
      `$ kubectl drain ${word(facts, 'node')} --ignore-daemonsets --delete-emptydir-data`,
      '$ sudo systemctl stop kubelet && sudo crictl rmi --all',
      '$ sudo systemctl start kubelet',
    ],
    explanation:
      'The list of what the runtime has and the files on its disk do not agree: a blob or a snapshot that it counts on is gone or cannot be read. Power loss, a full disk at the wrong moment, deleting files under /var/lib/containerd by hand, and dying disks do that. It concerns one node, not the registry.',
    confirm: ['On the node:', '$ sudo crictl images --digests', '$ sudo ctr -n k8s.io images check'],
    example:
      'failed to pull and unpack image "registry.example.com/team/app:1.0": content digest sha256:2c26b46b68ff…: not found',
  },
};
