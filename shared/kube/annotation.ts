/** What a pod's images were before they were rewritten. */
export const originalImages = 'airgap.dev/original-images';

/** Marks a mirror pod, which stands for a static pod's file on a node; the kubelet makes it, and never runs it from the API. */
export const mirrorPod = 'kubernetes.io/config.mirror';
