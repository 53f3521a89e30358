import type { Observer } from '../observer.ts';
import type { KindName } from '../snapshot.ts';

/** The observer of each observed kind, loaded when it is asked for. One line an observation. */
export const observers: { readonly [K in KindName]?: () => Promise<Observer> } = {
  'registry-probes': async () => (await import('./registry-probes.ts')).observeRegistries,
  kubeconfig: async () => (await import('./kubeconfig.ts')).observeKubeconfig,
  'tls-endpoints': async () => (await import('./tls-endpoints.ts')).observeTlsEndpoints,
  tools: async () => (await import('./tools.ts')).observeTools,
  'pki-files': async () => (await import('./pki-files.ts')).observePkiFiles,
};
