import type { Exporter } from './exporter.ts';

/** Every format, loaded when it is asked for. One line a format. */
export const exporters = {
  regsync: async () => (await import('./regsync.ts')).regsync,
  skopeo: async () => (await import('./skopeo.ts')).skopeo,
  hauler: async () => (await import('./hauler.ts')).hauler,
  zarf: async () => (await import('./zarf.ts')).zarf,
  uds: async () => (await import('./zarf.ts')).uds,
  'oc-mirror': async () => (await import('./oc-mirror.ts')).ocMirror,
  idms: async () => (await import('./idms.ts')).idms,
  containerd: async () => (await import('./containerd.ts')).containerd,
  k3s: async () => (await import('./k3s.ts')).k3s,
  crio: async () => (await import('./crio.ts')).crio,
  velero: async () => (await import('./velero.ts')).velero,
} as const satisfies Record<string, () => Promise<Exporter>>;
