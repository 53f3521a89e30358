import type { Check } from '../check.ts';
import { tagsStay } from './mirror-drift.ts';
import { noOtherHosts } from './mirror-hosts.ts';
import { platformsCovered, runningImages, waitingImages } from './mirror-images.ts';
import { registriesReached } from './mirror-reach.ts';

/** What the probes of registries show: waiting images under `pulls`, all else under `mirror`. */
export const registryChecks: readonly Check[] = [
  waitingImages,
  registriesReached,
  noOtherHosts,
  runningImages,
  platformsCovered,
  tagsStay,
];
