import type { LeafRequest } from '../certificates.ts';
import { faultOfHost, type Fault, type Stage } from './fault.ts';

const day = 24 * 60 * 60 * 1000;
const fromNow = (days: number): Date => new Date(Date.now() + days * day);

export const tlsFaults: readonly Fault[] = [
  faultOfHost('expired', 'tls-expired', present({ notBefore: fromNow(-400), notAfter: fromNow(-35) })),
  faultOfHost('too-early', 'tls-not-yet-valid', present({ notBefore: fromNow(30), notAfter: fromNow(395) })),
  faultOfHost('wrong-name', 'tls-name-mismatch', present({ names: ['old-registry.example.com'] })),
  faultOfHost('only-cn', 'tls-legacy-cn', present({ names: [] })),
  {
    ...faultOfHost('unknown-ca', 'tls-unknown-authority', ({ cluster }, host) => cluster.forget(host), null),
    paste: { commands: /install .*ca\.crt/v },
  },
];

function present(request: Partial<LeafRequest>): (stage: Stage, host: string) => void {
  return ({ cluster, faulty }, host) =>
    faulty.present(host, cluster.registries.authority.issue({ commonName: host, names: [host], ...request }));
}
