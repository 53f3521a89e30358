import type { Check } from '../check.ts';
import { findingOf } from '../probes/finding-of-step.ts';

export const registriesReached: Check = {
  id: 'AG-MIR-001',
  category: 'mirror',
  title: 'every registry that was named answers, and with a certificate that nodes accept',
  explanation:
    'The registries of --registry and of the policy are looked at from this machine, rung by rung: the name is resolved, the port connected to, the TLS handshake made, the certificate judged by its chain, dates and names as the Go runtimes on nodes judge it, and the registry asked who it is and whether the login is good. A node may resolve other names, take another route and trust other authorities, so what is seen from here is evidence, not proof. Nothing is contacted that was not named.',
  needs: ['registry-probes'],
  run: (snapshot) =>
    snapshot['registry-probes'].items.flatMap(({ host, steps }) =>
      steps
        .filter(({ ok, fault }) => !ok && fault !== 'host-not-named')
        .map((step) => {
          // The user's own login tells little of the pods', whose secrets are tried with their images.
          const severity = step.step === 'login' && step.role === 'registry' ? ({ severity: 'warning' } as const) : {};
          return findingOf(step, { registry: host, ...severity, objects: [{ kind: 'Registry', name: host }] });
        }),
    ),
};
