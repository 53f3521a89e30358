import type { Source } from '../commands/command.ts';
import type { ConnectionArgs } from '../commands/flags.ts';
import type { Candidate } from './complete.ts';

/** Somebody waits with a finger on the key: a cluster that is slower than this has nothing to offer. */
const patienceMs = 2000;

type Env = Readonly<Record<string, string | undefined>>;
type Given = ReadonlyMap<string, string>;

/** Candidates from outside the command tree; throws what the kubeconfig or the cluster fails with. */
export async function lookUp(source: Source, given: Given, env: Env): Promise<readonly Candidate[]> {
  switch (source) {
    case 'namespaces':
      return namespaces(given, env);
    case 'contexts':
    case 'clusters':
    case 'users': {
      const { readKubeconfig } = await import('../cluster/kubeconfig.ts');
      const config = readKubeconfig(given.get('kubeconfig'), env);
      return [...(config?.[source].keys() ?? [])].map((name): Candidate => [name, '']);
    }
    case 'checks': {
      const { checks } = await import('../doctor/checks/index.ts');
      return checks.map(({ id, title }): Candidate => [id, title]);
    }
    case 'ids': {
      const { causes } = await import('../doctor/causes/index.ts');
      const described = Object.entries(causes).map(([id, { title }]): Candidate => [id, title]);
      return [...described, ...(await lookUp('checks', given, env))];
    }
    case 'files':
    case 'directories':
      return [];
  }
}

async function namespaces(given: Given, env: Env): Promise<readonly Candidate[]> {
  const { connect } = await import('../cluster/connect.ts');
  const { openLive } = await import('../cluster/live.ts');
  const { kinds } = await import('../cluster/kinds.ts');
  const signal = AbortSignal.timeout(patienceMs);
  const connection = await connect(connectionArgs(given), env);
  const cluster = await openLive(connection, { registries: [], signal });
  const found: Candidate[] = [];
  const entry = kinds.namespaces;
  if (entry.from === 'resource')
    await cluster.list(entry.type, (raw) => found.push([entry.read(raw)?.meta.name ?? '', '']), { signal });
  return found.filter(([name]) => name !== '');
}

/** The connection flags on the line so far, as a command would have got them. */
function connectionArgs(given: Given): ConnectionArgs {
  return {
    operands: [],
    kubeconfig: given.get('kubeconfig'),
    context: given.get('context'),
    cluster: given.get('cluster'),
    user: given.get('user'),
    server: given.get('server'),
    token: given.get('token'),
    certificateAuthority: given.get('certificate-authority'),
    clientCertificate: given.get('client-certificate'),
    clientKey: given.get('client-key'),
    tlsServerName: given.get('tls-server-name'),
    insecureSkipTlsVerify: given.has('insecure-skip-tls-verify'),
    as: given.get('as'),
    asGroup: given.get('as-group')?.split(',') ?? [],
    asUid: given.get('as-uid'),
    requestTimeout: '2s',
  };
}
