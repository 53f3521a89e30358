import { once } from 'node:events';
import { parseArgs } from 'node:util';
import { startControlPlane, type ControlPlaneCluster } from './cluster.ts';
import { breakCluster } from './broken.ts';
import { startCluster } from './cluster-with-node.ts';
import { setStage } from './faults/stage.ts';

/** `npm run cluster`: a test cluster for hands-on work, until Ctrl-C. */
const { values } = parseArgs({
  options: { broken: { type: 'boolean' }, 'control-plane': { type: 'boolean' }, help: { type: 'boolean' } },
});

if (values.help === true) {
  console.log(`npm run cluster                     a node and registries of each kind (needs root)
npm run cluster -- --broken         the same with fifteen pull faults, bad certificates and roles
npm run cluster -- --control-plane  only the API, on loopback`);
} else {
  const cluster = await start();
  try {
    console.log(`export KUBECONFIG=${cluster.kubeconfig}\nlogs: ${cluster.directory}/*.log\nCtrl-C ends it`);
    const forever = setInterval(() => {}, 60_000);
    await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
    clearInterval(forever);
  } finally {
    await cluster[Symbol.asyncDispose]();
  }
}

async function start(): Promise<ControlPlaneCluster> {
  if (values['control-plane'] === true) return startControlPlane();
  if (values.broken !== true) return withNode();
  const stage = await setStage();
  await breakCluster(stage);
  return { ...stage.cluster, [Symbol.asyncDispose]: () => stage[Symbol.asyncDispose]() };
}

async function withNode(): Promise<ControlPlaneCluster> {
  const cluster = await startCluster({ registries: ['plain', 'basic', 'token'], services: true });
  const { main, others, authority } = cluster.registries;
  for (const registry of [main, ...Object.values(others)]) {
    cluster.trust(registry.host, registry.ca === null ? { server: registry.url } : { ca: authority.certificate });
    console.log(`${registry.host.padEnd(24)} ${registry.url}`);
  }
  cluster.trust('auth.example.com', { ca: authority.certificate });
  return cluster;
}
