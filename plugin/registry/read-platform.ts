import { readStart } from './body.ts';
import type { Registries } from './client.ts';
import type { Repository } from './line.ts';
import { platformName, platformOf, type Manifest } from './manifest.ts';

const configLimit = 4 * 1024 * 1024;

/** The platform that an image's config names; null for an index, an artifact, and a config that cannot be had. */
export async function readPlatform(
  registries: Registries,
  repository: Repository,
  manifest: Manifest,
): Promise<string | null> {
  if (manifest.kind !== 'image' || manifest.config.size > configLimit) return null;
  const blob = await registries.blob(repository, manifest.config.digest);
  if (!blob.ok) return null;
  const bytes = await readStart(blob.value.stream, configLimit);
  if (bytes === null) return null;
  try {
    const platform = platformOf(JSON.parse(new TextDecoder().decode(bytes)));
    return platform === null ? null : platformName(platform);
  } catch {
    // What is wrong with the config's bytes is found when the blobs are looked at.
    return null;
  }
}
