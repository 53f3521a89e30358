import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startCluster } from './cluster-with-node.ts';
import { pod } from './pod.ts';
import { waitFor } from './processes.ts';
import { makeImage } from './registry/image.ts';
import { account } from './registry/token-service.ts';

test('pods from registries of each kind run, a Service answers, and a missing image waits', async () => {
  await using cluster = await startCluster({ registries: ['plain', 'basic', 'token'], services: true });
  const image = await makeImage({ label: 'app' });
  const { main, others, authority } = cluster.registries;
  const references = new Map<string, string>();
  for (const [kind, registry] of Object.entries({ main, ...others })) {
    references.set(kind, await registry.push('shop/app:1', image));
    const settings = registry.ca === null ? { server: registry.url } : { ca: authority.certificate };
    cluster.trust(registry.host, settings);
  }
  cluster.trust('auth.example.com', { ca: authority.certificate });
  const hosts = [others.basic, others.token].map((registry) => registry?.host ?? '');
  await cluster.api.apply({
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: 'login' },
    type: 'kubernetes.io/dockerconfigjson',
    stringData: {
      '.dockerconfigjson': JSON.stringify({
        auths: Object.fromEntries(hosts.map((host) => [host, { username: account.user, password: account.password }])),
      }),
    },
  });
  const login = { imagePullSecrets: [{ name: 'login' }] };
  for (const [kind, reference] of references) await cluster.api.apply(pod(kind, reference, login));
  await cluster.api.apply(pod('missing', `${main.host}/shop/app:2`));
  const serve = ['/bin/busybox', 'sh', '-c', 'echo hello > /index.html; exec /bin/busybox httpd -f -p 8080 -h /'];
  await cluster.api.apply(pod('web', `${main.host}/shop/app:1`, {}, { command: serve }), {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'web' },
    spec: { clusterIP: '10.96.0.80', selector: { app: 'web' }, ports: [{ port: 80, targetPort: 8080 }] },
  });
  const read = async (name: string, path: string): Promise<string> =>
    cluster.kubectl(['get', 'pod', name, '-o', `jsonpath=${path}`]);
  const names = [...references.keys(), 'web'];
  await waitFor('the pods run', async () => {
    const phases = await Promise.all(names.map((name) => read(name, '{.status.phase}')));
    return phases.every((phase) => phase === 'Running');
  });
  const ask = "fetch('http://10.96.0.80/').then((answer) => answer.text()).then(console.log)";
  await waitFor('the Service answers', async () =>
    (await cluster.place.run([process.execPath, '-e', ask])).includes('hello'),
  );
  const address = await read('web', '{.status.podIP}');
  const answer = await fetch(`http://${address}:8080/`);
  assert.equal((await answer.text()).trim(), 'hello');
  const waiting = '{.status.containerStatuses[0].state.waiting.message}';
  await waitFor('the other waits', async () => (await read('missing', waiting)) !== '');
  assert.match(await read('missing', waiting), /shop\/app:2: not found/v);
});

test('nothing outside of its own addresses can be reached from the node', async () => {
  await using cluster = await startCluster();
  const routes = (await cluster.place.run(['ip', 'route'])).trim().split('\n');
  assert.ok(!routes.some((route) => route.startsWith('default')));
  await assert.rejects(cluster.place.run(['getent', 'hosts', 'registry-1.docker.io']));
});
