import type { Check } from '../check.ts';
import { findingOf } from '../probes/finding-of-step.ts';

export const noOtherHosts: Check = {
  id: 'AG-MIR-002',
  category: 'mirror',
  title: 'the registries send their clients to no host that was not named',
  explanation:
    'A registry may send whoever pulls to a token service for a login and to another store for the content. Both have to be inside the gap and known to the nodes: a mirror that passes on the challenge of its upstream, or redirects to a store on the internet, answers well and still cannot be pulled from. Such a host is not contacted from here unless it was named too, so whether it works is not known.',
  needs: ['registry-probes'],
  run: (snapshot) =>
    snapshot['registry-probes'].items.flatMap(({ host, steps, images }) =>
      [...steps, ...images.flatMap((image) => image.steps)]
        .filter(({ fault }) => fault === 'host-not-named')
        .map((step) => findingOf(step, { registry: host, objects: [{ kind: 'Registry', name: host }] })),
    ),
};
