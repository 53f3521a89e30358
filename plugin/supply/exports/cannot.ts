import type { Lock } from '../lock/document.ts';
import { pairsOf, someOf, type Pair } from './pair.ts';

/** Pairs that a format can name, and what has to be said of those that it cannot. */
export interface Named {
  readonly pairs: readonly Pair[];
  readonly warnings: readonly string[];
}

/** For tools that read image names by the grammar of containers/image, which has no host like `[fd00::1]:5000`. */
export function withoutAddresses(tool: string, lock: Lock): Named {
  const { pairs, warnings } = pairsOf(lock);
  const isAddress = ({ source, target }: Pair): boolean => [source, target].some(({ host }) => host.startsWith('['));
  return {
    pairs: pairs.filter((pair) => !isAddress(pair)),
    warnings: [
      ...warnings,
      ...pairs
        .filter(isAddress)
        .map(({ locked }) => `${locked.image} is left out: ${tool} takes no IPv6 address as the host of an image`),
    ],
  };
}

/** For tools that carry images and nothing else. */
export function filesLeftOut(tool: string, { files = [] }: Lock): string[] {
  if (files.length === 0) return [];
  return [
    `${tool} carries images alone: bring along what is none, such as ${someOf(files.map(({ source }) => source))}`,
  ];
}

/** For tools that copy images and cosign's tags alone. */
export function withoutReferrers(tool: string, pairs: readonly Pair[]): string[] {
  const referred = pairs.filter(({ locked }) => locked.artifacts.some(({ tag }) => tag === null));
  if (referred.length === 0) return [];
  return [
    `${tool} does not copy OCI referrers, such as those of ${someOf(referred.map(({ locked }) => locked.image))}`,
  ];
}

/** For tools that put all images into one registry, which is named when they are run. */
export function toOneRegistry(tool: string, pairs: readonly Pair[]): string[] {
  const hosts = new Set(pairs.map(({ target }) => target.host));
  return hosts.size > 1 ? [`${tool} copies to one registry a run, and the policy names ${[...hosts].join(', ')}`] : [];
}

/** For tools whose file has no place for what `--plain-http` says. */
export function plainHttpElsewhere(tool: string, place: string, plainHttp: readonly string[]): string[] {
  return plainHttp.length === 0
    ? []
    : [`${tool} is not told by this file that ${plainHttp.join(', ')} speaks plain HTTP: ${place}`];
}
