import type { Family } from '../../../../plugin/doctor/causes/ids.ts';

/** The families of causes that the text of a pull can lead to. */
export const pullFamilies = [
  'names',
  'dns',
  'network',
  'tls',
  'credentials',
  'content',
  'limits',
  'between',
  'mirror',
  'signatures',
  'kubelet',
  'volume',
  'other',
] as const satisfies readonly Family[];
