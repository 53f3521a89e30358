import { AirgapError } from '../../../shared/errors.ts';

/**
 * Whether a platform is one of those that were asked for. `linux/arm64` takes every variant, as runtimes do for their own
 * architecture; a name with a variant takes only this one. What is for no platform, such as a build's attestation in an
 * index, is wanted with all.
 */
export function platformWanted(platform: string | null, wanted: readonly string[]): boolean {
  return wanted.length === 0 || wanted.some((name) => platform === name || platform?.startsWith(`${name}/`) === true);
}

/** The platforms of `--platform`, in the order of a lock; throws `usage` for what no lock could hold. */
export function platformsNamed(names: readonly string[]): readonly string[] {
  const wrong = names.find((name) => !/^[a-z0-9]+\/[a-z0-9_]+(\/[a-z0-9_]+)?$/.test(name));
  if (wrong !== undefined)
    throw new AirgapError('usage', `"${wrong}" is no platform.`, 'Write it as linux/amd64 or linux/arm/v7.');
  return names.toSorted();
}
