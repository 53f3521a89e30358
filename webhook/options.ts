import { parseArgs } from 'node:util';
import { AirgapError, messageOf } from '../shared/errors.ts';
import type { CertificateFiles } from './certificate-files.ts';

export interface Listening {
  readonly host: string;
  readonly port: number;
  readonly metricsPort: number;
  /** Seconds between the signal to stop and the last new connection. */
  readonly shutdownDelay: number;
}

/** Policy and certificate from files: no cluster is needed. */
export interface FileOptions extends Listening {
  readonly from: 'files';
  readonly policy: string;
  readonly cert: string;
  readonly key: string;
}

/** Policies from the cluster. */
export interface ClusterOptions extends Listening {
  readonly from: 'cluster';
  /** Files that somebody else renews; null for a certificate of its own in a Secret. */
  readonly tls: CertificateFiles | null;
  readonly server: string;
  readonly account: string;
  readonly namespace: string | undefined;
  readonly service: string;
  readonly identity: string;
  readonly tlsNames: readonly string[];
}

export const usage = `Usage:
  airgap-webhook --policy FILE --tls-cert FILE --tls-key FILE --port N [flags]
  airgap-webhook --port N [--tls-cert FILE --tls-key FILE] [flags]   (in a pod)

The admission webhook of kubectl airgap: POST /mutate and /validate, GET /healthz and /readyz over HTTPS.
With a policy file it needs no cluster. In a pod it watches the AirgapPolicies of the cluster, and keeps its own
certificate in a Secret unless it is given files that somebody else renews, such as cert-manager. Everything is followed
while it runs; a policy that does not load leaves the last good one in force.

Flags:
  --policy FILE           AirgapPolicy documents (YAML or JSON)
  --tls-cert FILE         certificate chain (PEM)
  --tls-key FILE          its private key (PEM)
  --port N                port to serve on; 0 for any free one
  --host ADDRESS          address to serve on (default 127.0.0.1; in a pod all of them)
  --metrics-port N        port of GET /metrics over plain HTTP; 0 for any free one (default 0)
  --shutdown-delay N      seconds to go on serving after SIGTERM, while clients learn of it (default 0)

Flags in a pod:
  --service NAME          the Service, and the webhook configurations of the same name (default airgap-webhook)
  --namespace NAME        where Service, Secret and Lease are (default the pod's own)
  --tls-name NAME         further name or address in the certificate; may be repeated
  --service-account DIR   token and ca.crt (default /var/run/secrets/kubernetes.io/serviceaccount)
`;

type Values = Readonly<Record<string, string | boolean | readonly (string | boolean)[] | undefined>>;
type Env = Readonly<Record<string, string | undefined>>;

/** Reads the command line; null where help is asked for. Throws an `AirgapError` with the code `usage`. */
export function readOptions(argv: readonly string[], env: Env): FileOptions | ClusterOptions | null {
  const values = parse(argv);
  if (values['help'] === true) return null;
  const { policy, 'tls-cert': cert, 'tls-key': key, port } = values;
  if (typeof port !== 'string') throw wrong('--port is needed.');
  const inPod = policy === undefined;
  if ((typeof cert === 'string') !== (typeof key === 'string') || (!inPod && typeof cert !== 'string'))
    throw wrong('--policy, --tls-cert and --tls-key are needed together; in a pod the last two or none of them.');
  const listening: Listening = {
    host: textOf(values['host']) ?? (inPod ? '::' : '127.0.0.1'),
    port: numberOf('port', port, 65_535),
    metricsPort: numberOf('metrics-port', values['metrics-port'] ?? '0', 65_535),
    shutdownDelay: numberOf('shutdown-delay', values['shutdown-delay'] ?? '0', 600),
  };
  const tls = typeof cert === 'string' && typeof key === 'string' ? { cert, key } : null;
  if (typeof policy !== 'string' || tls === null)
    return { from: 'cluster', ...listening, tls, ...clusterOptions(values, env) };
  return { from: 'files', ...listening, policy, ...tls };
}

function clusterOptions(values: Values, env: Env): Omit<ClusterOptions, 'from' | 'tls' | keyof Listening> {
  const { KUBERNETES_SERVICE_HOST: host, KUBERNETES_SERVICE_PORT: port } = env;
  if (host === undefined || port === undefined)
    throw wrong('Without --policy it runs in a pod only, and this is none.');
  const names = values['tls-name'];
  return {
    server: `https://${host.includes(':') ? `[${host}]` : host}:${port}`,
    account: textOf(values['service-account']) ?? '/var/run/secrets/kubernetes.io/serviceaccount',
    namespace: textOf(values['namespace']),
    service: textOf(values['service']) ?? 'airgap-webhook',
    identity: env['HOSTNAME'] ?? 'airgap-webhook',
    tlsNames: Array.isArray(names) ? names.map(String) : [],
  };
}

function textOf(value: Values[string]): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function parse(argv: readonly string[]): Values {
  const text = { type: 'string' } as const;
  try {
    return parseArgs({
      args: [...argv],
      options: {
        policy: text,
        'tls-cert': text,
        'tls-key': text,
        port: text,
        host: text,
        'metrics-port': text,
        'shutdown-delay': text,
        service: text,
        namespace: text,
        'service-account': text,
        'tls-name': { ...text, multiple: true },
        help: { type: 'boolean', short: 'h' },
      },
    }).values;
  } catch (error) {
    throw wrong(`${messageOf(error).split('. ')[0] ?? ''}.`);
  }
}

function numberOf(flag: string, value: Values[string], most: number): number {
  const number = Number(value);
  if (typeof value === 'string' && /^[0-9]+$/.test(value) && number <= most) return number;
  throw wrong(`--${flag} is a number from 0 to ${most}, not "${textOf(value) ?? ''}".`);
}

function wrong(message: string): AirgapError {
  return new AirgapError('usage', message, 'Run airgap-webhook --help for how it is started.');
}
