import type { Check } from '../check.ts';
import { publicResolver } from '../egress/internet-hosts.ts';
import type { Finding } from '../finding.ts';

export const dnsStaysInside: Check = {
  id: 'AG-EGR-003',
  category: 'egress',
  title: 'the name servers of the cluster ask no resolver of the internet',
  explanation:
    'Reads the forward lines in the Corefiles of CoreDNS (ConfigMaps with a key Corefile) for well-known public resolvers, by address or name. Behind a gap they never answer, so each name that is not of the cluster costs its pod seconds, again and again, before it fails. A line that forwards to /etc/resolv.conf asks whom the node asks, which the API does not show. Of a Corefile nothing but these lines is read or recorded.',
  needs: ['configmaps'],
  run: (snapshot) =>
    snapshot.configmaps.items.flatMap(({ meta, forwards }) =>
      forwards.flatMap(({ zone, to }): Finding[] => {
        const outside = to.filter((upstream) => publicResolver(upstream) !== undefined);
        const [first] = outside;
        if (first === undefined) return [];
        return [
          {
            cause: 'dns-forwards-out',
            confidence: 'certain',
            facts: {
              resolvers: outside.map((one) => `${one} (${publicResolver(one) ?? ''})`).join(', '),
              zone,
              configNamespace: meta.namespace,
              config: meta.name,
            },
            evidence: [`forward ${[zone, ...to].join(' ')}`],
            objects: [{ kind: 'ConfigMap', namespace: meta.namespace, name: meta.name }],
          },
        ];
      }),
    ),
};
