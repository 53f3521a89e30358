import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { createAuthority, createKeyPair, type Authority, type Issued } from '../certificates.ts';

/** Every certificate of a control plane, as files; `path` gives the file of a name such as `ca.crt`. */
export interface ControlPlanePki {
  readonly authority: Authority;
  readonly admin: Issued;
  file(name: string): string;
  /** Issues one more by the cluster's authority and writes `NAME.crt` and `NAME.key`. */
  add(name: string, issued: Issued): void;
}

/** Issues what kubeadm would, with the API server reachable under `addresses`. */
export function createPki(directory: string, addresses: readonly string[]): ControlPlanePki {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const authority = createAuthority('kubernetes');
  const frontProxy = createAuthority('front-proxy-ca');
  const write = (name: string, content: string): void =>
    writeFileSync(path.join(directory, name), content, { mode: 0o600 });
  const add = (name: string, issued: Issued): void => {
    write(`${name}.crt`, issued.certificate);
    write(`${name}.key`, issued.key);
  };
  const serviceNames = [
    'kubernetes',
    'kubernetes.default',
    'kubernetes.default.svc',
    'kubernetes.default.svc.cluster.local',
  ];
  const admin = authority.issue({ commonName: 'kubernetes-admin', organization: 'system:masters' });
  write('ca.crt', authority.certificate);
  write('ca.key', authority.key);
  write('front-proxy-ca.crt', frontProxy.certificate);
  add('admin', admin);
  add(
    'apiserver',
    authority.issue({ commonName: 'kube-apiserver', names: ['localhost', ...serviceNames, '10.96.0.1', ...addresses] }),
  );
  add(
    'apiserver-kubelet-client',
    authority.issue({ commonName: 'kube-apiserver-kubelet-client', organization: 'system:masters' }),
  );
  add('front-proxy-client', frontProxy.issue({ commonName: 'front-proxy-client' }));
  add('controller-manager', authority.issue({ commonName: 'system:kube-controller-manager' }));
  add('scheduler', authority.issue({ commonName: 'system:kube-scheduler' }));
  const serviceAccount = createKeyPair();
  write('sa.pub', serviceAccount.publicKey);
  write('sa.key', serviceAccount.privateKey);
  return { authority, admin, file: (name) => path.join(directory, name), add };
}

/** A kubeconfig with the client certificate in it, so that the one file is enough. */
export function kubeconfigText(server: string, ca: string, client: Issued, user: string): string {
  const base64 = (text: string): string => Buffer.from(text).toString('base64');
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'test', cluster: { server, 'certificate-authority-data': base64(ca) } }],
    users: [
      {
        name: user,
        user: { 'client-certificate-data': base64(client.certificate), 'client-key-data': base64(client.key) },
      },
    ],
    contexts: [{ name: 'test', context: { cluster: 'test', user } }],
    'current-context': 'test',
  });
}
