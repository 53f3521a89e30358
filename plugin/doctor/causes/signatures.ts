import type { Facts } from '../finding.ts';
import { fact, word, type Cause } from './cause.ts';
import type { IdOf } from './ids.ts';
import { copyWithSignatures } from './locked.ts';
import { onNode, tryAgain } from './place.ts';

const readPolicy = (facts: Facts): readonly string[] => [
  `${onNode(facts)}, see what is asked of this image:`,
  ...(facts['runtime'] === 'containerd'
    ? ['$ sudo grep -n -A6 image-verifier /etc/containerd/config.toml']
    : ['$ sudo cat /etc/containers/policy.json', '$ sudo ls /etc/containers/registries.d']),
];

const confirm = [
  'See which signatures lie beside the image:',
  '$ cosign tree IMAGE',
  'On the node, see what is asked of it:',
  '$ sudo cat /etc/containers/policy.json',
];

export const signatures: Readonly<Record<IdOf<'signatures'>, Cause>> = {
  'signature-missing': {
    title: 'a signature is wanted and the image has none',
    severity: 'error',
    owner: 'registry administrator',
    summary: (facts) =>
      facts['locked'] !== undefined
        ? `the mirror has ${fact(facts, 'image')} without ${fact(facts, 'platform')}, which the lock pins with it`
        : `the node accepts ${fact(facts, 'image')} only with a signature, and the registry has none for it`,
    remedy: (facts) =>
      facts['locked'] !== undefined
        ? copyWithSignatures(facts)
        : [
            'Signatures are separate objects that a plain copy leaves behind. Copy the image again with them:',
            `$ cosign copy ORIGINAL ${word(facts, 'image')}`,
            'or sign the copy with a key of your own that the policy names:',
            `$ cosign sign --tlog-upload=false --key cosign.key ${word(facts, 'image')}`,
            ...readPolicy(facts),
            'On CRI-O, signatures that lie beside the image are only looked for where a file in registries.d says "use-sigstore-attachments: true" for that registry.',
            ...tryAgain(facts),
          ],
    explanation:
      'A policy on the node (policy.json of CRI-O and Podman, an image verifier of containerd) demands a signature for this registry, and none was found beside the image. Most often the image was copied into the gap without its signature, which cosign keeps as a tag sha256-….sig or as a referrer. With --lock the same is told before a node asks: the lock pins a signature or an attestation, and in the mirror no tag and no list of referrers leads to it.',
    confirm,
    example: 'SignatureValidationFailed: Source image rejected: A signature was required, but no signature exists',
  },
  'signature-invalid': {
    title: 'the signature of the image is not accepted',
    severity: 'error',
    owner: 'registry administrator',
    summary: (facts) =>
      `${fact(facts, 'image')} has a signature, or a rule about it, that the policy of the node does not accept`,
    remedy: (facts) => [
      ...readPolicy(facts),
      'If the signature names another repository ("Signature for identity … is not accepted"), it was made before the image was copied: let the policy accept the original name (signedIdentity with type remapIdentity), or sign the copy:',
      `$ cosign sign --tlog-upload=false --key cosign.key ${word(facts, 'image')}`,
      'If the key is another one, bring the right public key to the nodes. If none of that explains it, treat the image as tampered with, and copy it again from its source.',
      ...tryAgain(facts),
    ],
    explanation:
      'A signature was found and does not stand up: it is by another key, for another digest, or for another name. The last is the normal result of mirroring, because signatures of the older kind contain the name under which the image was signed. A policy of the type "reject" ends here too.',
    confirm: [...confirm, '$ cosign verify --insecure-ignore-tlog --key cosign.pub IMAGE'],
    example:
      'SignatureValidationFailed: Source image rejected: Signature for identity "docker.io/library/redis:7.2" is not accepted',
  },
  'signature-unverifiable': {
    title: 'the signature cannot be checked, because a service for it is out of reach',
    severity: 'error',
    owner: 'node administrator',
    summary: (facts) =>
      `the signature of ${fact(facts, 'image')} cannot be checked: a trust root, a transparency log or a key service is out of reach for the node`,
    remedy: (facts) => [
      ...readPolicy(facts),
      'In a gap verify with public keys or with a trust root that lies on the node, never with one that is fetched. Copy the trust root in from outside:',
      '$ cosign trusted-root create --out trusted_root.json',
      'and let the policy name it, or switch to keys of your own, which need neither log nor root:',
      `$ cosign sign --tlog-upload=false --key cosign.key ${word(facts, 'image')}`,
      ...tryAgain(facts),
    ],
    explanation:
      'Keyless signatures are checked against a root of trust (TUF), a certificate authority (Fulcio) and a transparency log (Rekor), which by default are services on the internet. Inside a gap the check cannot even begin, so a good image is refused. The roots have to be brought in, and renewed when they change.',
    confirm,
    example:
      'blocking pull of registry.example.com/team/app:1.0 with digest sha256:2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae: image verifier bindir returned error: Get "https://tuf.example.com/root.json": dial tcp: lookup tuf.example.com: no such host',
  },
};
