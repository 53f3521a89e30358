import { makeLayer } from '../../../image/oci.ts';
import type { Registry } from '../../cluster/registry/distribution.ts';
import { makeIndex } from '../../cluster/registry/image.ts';

/** Images of two platforms with two small layers each, one of which all share, as `team-N/app-N:1.0` below each path. */
export async function stock(
  places: readonly { readonly registry: Registry; readonly below: string }[],
  count: number,
): Promise<string[]> {
  const shared = await makeLayer([{ name: 'etc/base', content: Buffer.alloc(4096, 'base') }]);
  const names = Array.from({ length: count }, (_, index) => `team-${index % 20}/app-${index}:1.0`);
  const left = names.entries();
  const work = async (): Promise<void> => {
    for (const [index, name] of left) {
      const own = await makeLayer([{ name: 'etc/app', content: Buffer.from(`app ${index}\n`.repeat(500)) }]);
      const request = { layers: [shared, own], label: String(index) };
      const image = await makeIndex(['linux/amd64', 'linux/arm64'], request);
      for (const { registry, below } of places) await registry.push(below + name, image);
    }
  };
  await Promise.all(Array.from({ length: 4 }, work));
  return names;
}
