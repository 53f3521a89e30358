import type { Check } from '../check.ts';
import { dnsStaysInside } from './egress-dns.ts';
import { noInternetHosts } from './egress-hosts.ts';
import { imagesFromInside } from './egress-images.ts';

/** What the cluster is told to reach outside. */
export const egressChecks: readonly Check[] = [noInternetHosts, imagesFromInside, dnsStaysInside];
