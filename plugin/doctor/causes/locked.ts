import type { Facts } from '../finding.ts';
import { word } from './cause.ts';

/** The last step of what is cured by the lock. */
export const verifyAgain = (facts: Facts): readonly string[] => [
  'Then look again:',
  `$ kubectl airgap verify --lock ${word(facts, 'lock')}`,
];

/** The lock says what belongs into the mirror, so it is copied by it. */
export const copyLocked = (facts: Facts): readonly string[] => [
  'Copy what the lock pins to the mirror; what is there already is not copied again:',
  `$ kubectl airgap mirror run --lock ${word(facts, 'lock')}`,
  ...verifyAgain(facts),
];

/** Signatures and attestations are what the engines differ in. */
export const copyWithSignatures = (facts: Facts): readonly string[] => [
  'Copy the image again with all that belongs to it. regctl brings signatures and referrers along; skopeo leaves referrers behind:',
  `$ kubectl airgap mirror run --engine regctl --lock ${word(facts, 'lock')}`,
  ...verifyAgain(facts),
];

const takeNew = (facts: Facts): readonly string[] => [
  'If the new build is wanted, pin it:',
  `$ kubectl airgap lock --lock ${word(facts, 'lock')} --update ${word(facts, 'image')}`,
];

/** A tag of the mirror, or what runs, is not what is pinned. */
export const againstLock = (facts: Facts): readonly string[] =>
  facts['running'] === undefined
    ? [
        'If what the lock pins is wanted, the tag is put back by copying it again:',
        ...copyLocked(facts),
        ...takeNew(facts),
      ]
    : [
        'If what the lock pins is wanted, restart what uses it, once the mirror serves it:',
        `$ kubectl airgap verify --lock ${word(facts, 'lock')} --no-cluster`,
        `$ kubectl get pods -n ${word(facts, 'namespace')} -o custom-columns='pod:.metadata.name,image:.spec.containers[*].image,id:.status.containerStatuses[*].imageID'`,
        ...takeNew(facts),
      ];
