import { startCluster } from '../cluster-with-node.ts';
import { addHostAddress } from '../node/namespaces.ts';
import { createFaultyRegistry } from '../registry/faulty.ts';
import { makeImage } from '../registry/image.ts';
import { ensureDebian } from '../tools/debian.ts';
import type { Stage } from './fault.ts';
import { proxyEnvironment } from './network.ts';

/** A cluster with registries of every kind and a faulty one, ready for faults. Pull secrets and pods are not there yet. */
export async function setStage(): Promise<Stage & AsyncDisposable> {
  ensureDebian(['skopeo', 'jq']);
  const cluster = await startCluster({
    registries: ['plain', 'basic', 'token'],
    containerdEnvironment: proxyEnvironment,
  });
  const { main, others, authority } = cluster.registries;
  const faulty = createFaultyRegistry(authority);
  try {
    const address = cluster.place.address28(8);
    addHostAddress(cluster.place.slot, address);
    await faulty.listen(address);
    const image = await makeImage({ label: 'app' });
    faulty.add('shop/app', '1', image);
    for (const registry of [main, ...Object.values(others)]) {
      for (const name of ['shop/app:1', 'shop/private:1']) await registry.push(name, image);
      if (registry.ca !== null) cluster.trust(registry.host, { ca: authority.certificate });
    }
    cluster.trust('auth.example.com', { ca: authority.certificate });
    return {
      cluster,
      faulty,
      image,
      introduce: (host) => {
        cluster.names.set(host, { address });
        cluster.trust(host, { ca: authority.certificate });
      },
      [Symbol.asyncDispose]: async () => {
        await faulty.close();
        await cluster[Symbol.asyncDispose]();
      },
    };
  } catch (error) {
    await faulty.close();
    await cluster[Symbol.asyncDispose]();
    throw error;
  }
}
