import type { LockDifference } from '../../supply/verify/lock-difference.ts';
import type { Check } from '../check.ts';
import type { Facts, Finding, ObjectRef } from '../finding.ts';

const evidence = ({ difference, locked, found, part, mirror, detail }: LockDifference): string[] => [
  [
    `${difference.replaceAll('-', ' ')}${part === null ? '' : ` (${part})`}`,
    ...(mirror === null ? [] : [`at ${mirror}`]),
    ...(locked === null ? [] : [`locked ${locked}`]),
    ...(found === null ? [] : [`found ${found}`]),
    ...(detail === '' ? [] : [detail]),
  ].join(', '),
];

const mirrorHoldsLock: Check = {
  id: 'AG-MIR-003',
  category: 'mirror',
  title: 'the mirror holds what the lock pins',
  explanation:
    'With --lock FILE every image of the lock is asked for at the registry that the lock names as its mirror: the tag, the digest, each locked platform, and what leads to each signature and attestation. Digests are compared, so a tag that was moved is found, and content that was lost. The same is told, image by image, by kubectl airgap verify. Without a lock this check is skipped, and so it is for a recording.',
  needs: ['lock-mirror'],
  unseen: (snapshot) => {
    const silent = snapshot['lock-mirror'].items.filter(({ difference }) => difference === 'not-seen');
    const first = silent[0];
    if (first === undefined) return null;
    return { reason: `${silent.length} locked images could not be asked for: ${first.detail}`, decisive: true };
  },
  run: (snapshot) =>
    snapshot['lock-mirror'].items.flatMap((item): Finding[] => {
      const cause = causeInMirror(item);
      if (cause === null) return [];
      return [
        {
          cause,
          ...(cause === 'mirror-drift'
            ? { severity: 'error' }
            : cause === 'signature-missing'
              ? { severity: 'warning' }
              : {}),
          confidence: 'certain',
          image: item.image,
          host: hostOf(item),
          facts: factsOf(item),
          evidence: evidence(item),
          objects: [{ kind: 'Registry', name: hostOf(item) }],
        },
      ];
    }),
};

function causeInMirror({ difference, found }: LockDifference): Finding['cause'] | null {
  switch (difference) {
    case 'missing':
      return 'mirror-miss';
    // A tag that is gone while its digest is there has to be copied again, like an image that is gone.
    case 'moved-tag':
      return found === null ? 'mirror-miss' : 'mirror-drift';
    case 'platform-missing':
      return 'platform-missing';
    case 'artifact-missing':
      return 'signature-missing';
    default:
      return null;
  }
}

const podsRunLock: Check = {
  id: 'AG-MIR-004',
  category: 'mirror',
  title: 'what runs is what the lock pins',
  explanation:
    'With --lock FILE the digest that the runtime reports for each container is compared with what the lock pins: the index, the image of a platform, or its configuration. Names do not count, because a runtime may report the name of another repository with the same content. An image that the lock does not name is not carried over the gap the next time, and mirror prune would remove it only because nobody runs it any more. Without a lock this check is skipped.',
  needs: ['lock-running', 'pods'],
  run: (snapshot) =>
    snapshot['lock-running'].items.flatMap((item): Finding[] => {
      if (item.difference !== 'running-other' && item.difference !== 'running-not-locked') return [];
      return [
        {
          cause: item.difference === 'running-other' ? 'mirror-drift' : 'not-locked',
          confidence: 'certain',
          image: item.image,
          facts: factsOf(item),
          evidence: evidence(item),
          objects: item.places.map(objectOf),
        },
      ];
    }),
};

function factsOf(item: LockDifference): Facts {
  const { lock, image, mirror, locked, found, part } = item;
  const host = hostOf(item);
  return {
    role: 'mirror',
    seen: 'here',
    lock,
    registry: host,
    upstream: image.split('/')[0] ?? '',
    mirror: mirror ?? image,
    ...(locked === null ? {} : { locked }),
    ...(found === null ? {} : item.difference === 'moved-tag' ? { served: found } : { running: found }),
    ...(part === null ? {} : { platform: part }),
  };
}

function hostOf({ mirror, image }: LockDifference): string {
  return (mirror ?? image).split('/')[0] ?? '';
}

/** `NAMESPACE/POD CONTAINER`. */
function objectOf(place: string): ObjectRef {
  const [, namespace = '', name = '', container = ''] = /^([^/]*)\/(\S*) ?(.*)$/.exec(place) ?? [];
  return { kind: 'Pod', namespace, name, ...(container === '' ? {} : { container }) };
}

/** What a lock shows where one is named. */
export const lockChecks: readonly Check[] = [mirrorHoldsLock, podsRunLock];
