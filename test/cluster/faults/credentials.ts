import type { Manifest } from '../api.ts';
import { pod } from '../pod.ts';
import { waitFor } from '../processes.ts';
import { refuse, sendToTokenService } from '../registry/behaviours.ts';
import { makeImage } from '../registry/image.ts';
import { account } from '../registry/token-service.ts';
import { faultOfHost, type Fault, type Stage } from './fault.ts';

const pullSecret = (name: string): Record<string, unknown> => ({ imagePullSecrets: [{ name }] });

const login = (): Record<string, string> => ({ USER: account.user, PASSWORD: account.password });
const makeAndName = /create secret|serviceaccount/v;

export const credentialFaults: readonly Fault[] = [
  {
    id: 'no-login',
    causes: ['auth-required'],
    image: 'basic.example.com/shop/app:1',
    paste: { commands: makeAndName, fill: login },
  },
  {
    id: 'wrong-password',
    causes: ['auth-denied'],
    image: 'basic.example.com/shop/app:1',
    spec: pullSecret('wrong-login'),
    arrange: ({ cluster }) => cluster.api.apply(secret('wrong-login', 'basic.example.com', 'battery-staple')),
    paste: { commands: /create secret/v, fill: login },
  },
  {
    id: 'no-secret',
    causes: ['pull-secret-missing', 'auth-required'],
    image: 'basic.example.com/shop/app:1',
    spec: pullSecret('forgotten-login'),
    paste: { commands: /create secret/v, fill: login },
  },
  {
    id: 'no-token-login',
    causes: ['auth-or-not-found'],
    image: 'token.example.com/shop/app:1',
    paste: { commands: makeAndName, fill: login },
  },
  faultOfHost('forbidden', 'auth-denied', ({ faulty }, host) =>
    faulty.behave(host, refuse(403, 'DENIED', 'requested access to the resource is denied')),
  ),
  faultOfHost(
    'token-down',
    'auth-token-service',
    ({ faulty }, host) => faulty.behave(host, sendToTokenService('https://gone-auth.example.com/token')),
    ({ introduce, faulty }, host) => {
      introduce('gone-auth.example.com');
      faulty.heal(host);
    },
  ),
  {
    id: 'never',
    causes: ['never-pull'],
    // No other pod may bring it to the node.
    image: 'registry.example.com/shop/never:1',
    container: { imagePullPolicy: 'Never' },
    // A pod that has pulled the same content under another name would make the kubelet ask for its login.
    arrange: async ({ cluster }) => {
      await cluster.registries.main.push('shop/never:1', await makeImage({ label: 'never' }));
    },
    paste: {
      commands: /images import/v,
      before:
        'skopeo copy docker://registry.example.com/shop/never:1 docker-archive:image.tar:registry.example.com/shop/never:1',
    },
  },
  {
    id: 'never-unverified',
    causes: ['never-pull-unverified', 'never-pull'],
    image: 'basic.example.com/shop/private:1',
    container: { imagePullPolicy: 'Never' },
    arrange: async (stage) => {
      const { api } = stage.cluster;
      await api.apply(secret('other-login', 'basic.example.com'));
      await api.apply(pod('owner-of-private', 'basic.example.com/shop/private:1', pullSecret('other-login')));
      await waitFor('the image is on the node', () => isRunning(stage, 'owner-of-private'));
    },
    cured: { spec: pullSecret('other-login') },
  },
];

function secret(name: string, host: string, password: string = account.password): Manifest {
  const auths = { [host]: { username: account.user, password } };
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name },
    type: 'kubernetes.io/dockerconfigjson',
    stringData: { '.dockerconfigjson': JSON.stringify({ auths }) },
  };
}

/** Whether a pod of the default namespace runs. */
export async function isRunning({ cluster }: Stage, name: string): Promise<boolean> {
  const { status } = await cluster.api.get<{ status?: { phase?: string } }>(`/api/v1/namespaces/default/pods/${name}`);
  return status?.phase === 'Running';
}
