/**
 * Text of the network plugin, of admission, of the API server and of other volumes. It names hosts, certificates and
 * things that are not found, so it would pass for an image fault. Not looked for where the kubelet itself has said
 * that it speaks of an image: a registry may answer in any words.
 */
export const notImage: readonly RegExp[] = [
  /failed calling webhook|failed to call webhook|admission webhook "[^"]{1,256}" denied/,
  /\bis forbidden: |cannot (?:get|list|create|watch|patch|update|delete) resource "/,
  /plugin type="[^"]{0,128}"|\bcni\b[^\n]{0,64}(?:not initialized|failed|error)|networkPlugin/i,
  /failed to set ?up (?:network for )?sandbox|failed to find plugin "|network is not ready/i,
  /MountVolume\.|(?:configmap|secret|persistentvolumeclaim) "[^"]{1,256}" not found/,
  /OCI runtime create failed|failed to create (?:containerd|shim) task|failed to reserve (?:sandbox|container) name/,
  /couldn't find key \S{1,256} in (?:ConfigMap|Secret)|no endpoints available for service/,
];
