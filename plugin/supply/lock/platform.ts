/**
 * Whether a platform is one of those that were asked for. `linux/arm64` takes every variant, as runtimes do for their own
 * architecture; a name with a variant takes only this one. What is for no platform, such as a build's attestation in an
 * index, is wanted with all.
 */
export function platformWanted(platform: string | null, wanted: readonly string[]): boolean {
  return wanted.length === 0 || wanted.some((name) => platform === name || platform?.startsWith(`${name}/`) === true);
}
