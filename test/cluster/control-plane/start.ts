import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { connect, type Api } from '../api.ts';
import type { Place } from '../place.ts';
import { freePorts } from '../ports.ts';
import { waitFor, type Program, type Running } from '../processes.ts';
import { tools } from '../tools/build.ts';
import { createPki, kubeconfigText, type ControlPlanePki } from './pki.ts';

/** A control plane that answers. */
export interface ControlPlane {
  readonly pki: ControlPlanePki;
  readonly api: Api;
  readonly server: string;
  /** The path of the administrator's kubeconfig. */
  readonly kubeconfig: string;
  readonly programs: readonly Running[];
  /** Ends the API server and starts it again, as an upgrade does. */
  restartApiServer(): Promise<void>;
  /** Starts everything again, after something ended it all. */
  startAgain(): Promise<void>;
  stop(): Promise<void>;
}

/**
 * Starts etcd, the API server, the controller manager and the scheduler, and waits until the API server is ready and
 * the default service account is there (without it no pod can be created).
 * `apiServerFlags` are added to, and so override, the API server's own.
 */
export async function startControlPlane(place: Place, apiServerFlags: readonly string[] = []): Promise<ControlPlane> {
  const paths = await tools(['etcd', 'kube-apiserver', 'kube-controller-manager', 'kube-scheduler']);
  const directory = path.join(place.slot.directory, 'control-plane');
  mkdirSync(directory, { recursive: true });
  const hasNode = place.address !== '127.0.0.1';
  // Inside namespaces of their own all ports are free.
  const [etcdPort = 2379, peerPort = 2380, apiPort = 6443, managerPort = 10257, schedulerPort = 10259] = hasNode
    ? []
    : await freePorts(5);
  const server = `https://${place.address}:${apiPort}`;
  const pki = createPki(path.join(directory, 'pki'), [...new Set(['127.0.0.1', place.address])]);
  const writeKubeconfig = (name: string, user: string, url: string): string => {
    const file = path.join(directory, `${name}.kubeconfig`);
    const client = name === 'admin' ? pki.admin : pki.authority.issue({ commonName: user });
    writeFileSync(file, kubeconfigText(url, pki.authority.certificate, client, user), { mode: 0o600 });
    return file;
  };
  const kubeconfig = writeKubeconfig('admin', 'kubernetes-admin', server);
  const programs: Running[] = [];
  const specifications: Program[] = [];
  const start = (program: Program): Running => {
    specifications.push(program);
    const running = place.start(program);
    programs.unshift(running);
    return running;
  };
  const etcd = start({
    name: 'etcd',
    command: [
      paths.etcd,
      `--data-dir=${directory}/etcd`,
      `--listen-client-urls=http://127.0.0.1:${etcdPort}`,
      `--advertise-client-urls=http://127.0.0.1:${etcdPort}`,
      `--listen-peer-urls=http://127.0.0.1:${peerPort}`,
      // The data live as long as the test: no need to wait for the disk.
      '--unsafe-no-fsync',
      '--log-level=warn',
    ],
  });
  const apiServer = start({
    name: 'kube-apiserver',
    command: [
      paths['kube-apiserver'],
      `--etcd-servers=http://127.0.0.1:${etcdPort}`,
      `--bind-address=${hasNode ? '0.0.0.0' : '127.0.0.1'}`,
      `--secure-port=${apiPort}`,
      ...(hasNode ? [`--advertise-address=${place.address}`] : ['--endpoint-reconciler-type=none']),
      '--service-cluster-ip-range=10.96.0.0/24',
      '--authorization-mode=Node,RBAC',
      '--enable-admission-plugins=NodeRestriction',
      '--allow-privileged',
      `--client-ca-file=${pki.file('ca.crt')}`,
      `--tls-cert-file=${pki.file('apiserver.crt')}`,
      `--tls-private-key-file=${pki.file('apiserver.key')}`,
      `--kubelet-client-certificate=${pki.file('apiserver-kubelet-client.crt')}`,
      `--kubelet-client-key=${pki.file('apiserver-kubelet-client.key')}`,
      `--kubelet-certificate-authority=${pki.file('ca.crt')}`,
      '--kubelet-preferred-address-types=InternalIP',
      '--service-account-issuer=https://kubernetes.default.svc.cluster.local',
      `--service-account-key-file=${pki.file('sa.pub')}`,
      `--service-account-signing-key-file=${pki.file('sa.key')}`,
      `--requestheader-client-ca-file=${pki.file('front-proxy-ca.crt')}`,
      '--requestheader-allowed-names=front-proxy-client',
      '--requestheader-username-headers=X-Remote-User',
      '--requestheader-group-headers=X-Remote-Group',
      '--requestheader-extra-headers-prefix=X-Remote-Extra-',
      `--proxy-client-cert-file=${pki.file('front-proxy-client.crt')}`,
      `--proxy-client-key-file=${pki.file('front-proxy-client.key')}`,
      ...apiServerFlags,
    ],
  });
  const api = connect(server, pki.authority.certificate, pki.admin);
  const ready = (needed: readonly Running[]): Promise<void> =>
    waitFor('the API server is ready', async () => (await api.raw('GET', '/readyz')).status === 200, {
      programs: needed,
      seconds: 120,
    });
  await ready([etcd, apiServer]);
  const localServer = `https://127.0.0.1:${apiPort}`;
  const managerKubeconfig = writeKubeconfig('controller-manager', 'system:kube-controller-manager', localServer);
  start({
    name: 'kube-controller-manager',
    command: [
      paths['kube-controller-manager'],
      `--kubeconfig=${managerKubeconfig}`,
      `--authentication-kubeconfig=${managerKubeconfig}`,
      `--authorization-kubeconfig=${managerKubeconfig}`,
      `--secure-port=${managerPort}`,
      '--bind-address=127.0.0.1',
      `--service-account-private-key-file=${pki.file('sa.key')}`,
      `--root-ca-file=${pki.file('ca.crt')}`,
      `--cluster-signing-cert-file=${pki.file('ca.crt')}`,
      `--cluster-signing-key-file=${pki.file('ca.key')}`,
      '--use-service-account-credentials',
      '--leader-elect=false',
    ],
  });
  const schedulerKubeconfig = writeKubeconfig('scheduler', 'system:kube-scheduler', localServer);
  start({
    name: 'kube-scheduler',
    command: [
      paths['kube-scheduler'],
      `--kubeconfig=${schedulerKubeconfig}`,
      `--authentication-kubeconfig=${schedulerKubeconfig}`,
      `--authorization-kubeconfig=${schedulerKubeconfig}`,
      `--secure-port=${schedulerPort}`,
      '--bind-address=127.0.0.1',
      '--leader-elect=false',
    ],
  });
  const defaultAccount = '/api/v1/namespaces/default/serviceaccounts/default';
  await waitFor(
    'the default service account is there',
    async () => (await api.raw('GET', defaultAccount)).status === 200,
    { programs },
  );
  return {
    pki,
    api,
    server,
    kubeconfig,
    programs,
    restartApiServer: async () => {
      const [, program] = specifications;
      const at = programs.length - 2;
      if (program === undefined) return;
      await programs[at]?.stop();
      programs[at] = place.start(program);
      await ready(programs.slice(at));
    },
    startAgain: async () => {
      await Promise.all(programs.map((program) => program.stop()));
      programs.length = 0;
      for (const [index, program] of specifications.entries()) {
        programs.unshift(place.start(program));
        // The others end when the API server turns them away.
        if (index === 1) await ready(programs);
      }
    },
    stop: async () => {
      api.close();
      for (const program of programs) await program.stop();
    },
  };
}
