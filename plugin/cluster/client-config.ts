/** The one part of the client library that is used; named here alone, so that the bundle holds nothing else of it. */
export { KubeConfig } from '@kubernetes/client-node';
