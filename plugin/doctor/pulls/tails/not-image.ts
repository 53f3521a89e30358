import type { Tail } from '../tail.ts';

/**
 * Text of the network plugin, of admission, of the API server and of other volumes. It names hosts, certificates and
 * things that are not found, so it would pass for an image fault further down the table.
 */
export const notImage: readonly Tail[] = [
  {
    causes: ['not-image'],
    text: /failed calling webhook|failed to call webhook|admission webhook "[^"]{1,256}" denied/,
  },
  { causes: ['not-image'], text: /\bis forbidden: |cannot (?:get|list|create|watch|patch|update|delete) resource "/ },
  {
    causes: ['not-image'],
    text: /plugin type="[^"]{0,128}"|\bcni\b[^\n]{0,64}(?:not initialized|failed|error)|networkPlugin/i,
  },
  {
    causes: ['not-image'],
    text: /failed to set ?up (?:network for )?sandbox|failed to find plugin "|network is not ready/i,
  },
  { causes: ['not-image'], text: /MountVolume\.|(?:configmap|secret|persistentvolumeclaim) "[^"]{1,256}" not found/ },
  {
    causes: ['not-image'],
    text: /OCI runtime create failed|failed to create (?:containerd|shim) task|failed to reserve (?:sandbox|container) name/,
  },
  {
    causes: ['not-image'],
    text: /couldn't find key \S{1,256} in (?:ConfigMap|Secret)|no endpoints available for service/,
  },
];
