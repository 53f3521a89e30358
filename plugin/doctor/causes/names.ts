import { fact, word, type Cause } from './cause.ts';
import type { IdOf } from './ids.ts';
import { onNode } from './place.ts';

export const names: Readonly<Record<IdOf<'names'>, Cause>> = {
  'invalid-image-name': {
    title: 'the image reference cannot be read',
    severity: 'error',
    owner: 'author of the manifest',
    summary: (facts) => `"${fact(facts, 'image')}" is not a valid image reference`,
    remedy: (facts) => [
      'Correct it where it is written. The usual errors: https:// before it, capital letters in the repository, a tag that a template left empty ("app:"), two slashes, a blank at the end. This tells which one it is:',
      `$ kubectl airgap explain image ${word(facts, 'image')}`,
      'Find what made the pod, and change it there:',
      `$ kubectl get pod ${word(facts, 'name')} -n ${word(facts, 'namespace')} -o jsonpath='{.metadata.ownerReferences}'`,
    ],
    explanation:
      'A reference is HOST[:PORT]/PATH[:TAG][@DIGEST], the path in lower case. This one breaks the grammar, so nothing was ever asked of a registry. Mostly a template or a rewriting rule put it together from an empty variable or put a prefix before one that already had one.',
    confirm: ['$ kubectl airgap explain image IMAGE'],
    example:
      'Failed to apply default image tag "Registry.example.com/Team/App:": couldn\'t parse image name "Registry.example.com/Team/App:": invalid reference format: repository name must be lowercase',
  },
  'short-name': {
    title: 'the image reference names no registry, and the node does not guess',
    severity: 'error',
    owner: 'author of the manifest',
    summary: (facts) =>
      `"${fact(facts, 'image')}" names no registry, and the node has none, or more than one, to take it from`,
    remedy: (facts) => [
      'Write the reference with its registry, as in registry.example.com/team/app:1.0; that is the only form that means the same on every node.',
      `${onNode(facts)}, as a stopgap, name the one registry that short names belong to:`,
      `$ sudo tee /etc/containers/registries.conf.d/10-short-names.conf <<'EOF'\nunqualified-search-registries = ["REGISTRY"]\nEOF`,
      '$ sudo systemctl reload crio',
    ],
    explanation:
      'CRI-O takes a name without a registry from a list of search registries and aliases in registries.conf. With an empty list the name resolves to nothing; with several, enforcing mode (the default since CRI-O 1.34) refuses to choose. containerd and Docker always take docker.io, so the same manifest works there.',
    confirm: ['On the node:', '$ sudo grep -rn "unqualified-search-registries\\|short-name-mode" /etc/containers/'],
    example:
      'short-name "app:1" did not resolve to an alias and no unqualified-search registries are defined in "/etc/containers/registries.conf"',
  },
};
