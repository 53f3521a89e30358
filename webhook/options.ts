import { parseArgs } from 'node:util';
import { AirgapError, messageOf } from '../shared/errors.ts';

export interface Options {
  readonly policy: string;
  readonly cert: string;
  readonly key: string;
  readonly host: string;
  readonly port: number;
  readonly metricsPort: number;
  /** Seconds between the signal to stop and the last new connection. */
  readonly shutdownDelay: number;
}

export const usage = `Usage:
  airgap-webhook --policy FILE --tls-cert FILE --tls-key FILE --port N [flags]

The admission webhook of kubectl airgap: POST /mutate and /validate, GET /healthz and /readyz over HTTPS.
The policy and the certificate are followed while it runs; a policy that does not load leaves the last good one in force.

Flags:
  --policy FILE           AirgapPolicy documents (YAML or JSON)
  --tls-cert FILE         certificate chain (PEM)
  --tls-key FILE          its private key (PEM)
  --port N                port to serve on; 0 for any free one
  --host ADDRESS          address to serve on (default 127.0.0.1)
  --metrics-port N        port of GET /metrics over plain HTTP; 0 for any free one (default 0)
  --shutdown-delay N      seconds to go on serving after SIGTERM, while clients learn of it (default 0)
`;

/** Reads the command line; null where help is asked for. Throws an `AirgapError` with the code `usage`. */
export function readOptions(argv: readonly string[]): Options | null {
  const values = parse(argv);
  if (values['help'] === true) return null;
  const { policy, 'tls-cert': cert, 'tls-key': key, port } = values;
  if (typeof policy !== 'string' || typeof cert !== 'string' || typeof key !== 'string' || typeof port !== 'string')
    throw wrong('--policy, --tls-cert, --tls-key and --port are needed.');
  return {
    policy,
    cert,
    key,
    host: typeof values['host'] === 'string' ? values['host'] : '127.0.0.1',
    port: numberOf('port', port, 65_535),
    metricsPort: numberOf('metrics-port', values['metrics-port'] ?? '0', 65_535),
    shutdownDelay: numberOf('shutdown-delay', values['shutdown-delay'] ?? '0', 600),
  };
}

function parse(argv: readonly string[]): Readonly<Record<string, string | boolean | undefined>> {
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
        help: { type: 'boolean', short: 'h' },
      },
    }).values;
  } catch (error) {
    throw wrong(`${messageOf(error).split('. ')[0] ?? ''}.`);
  }
}

function numberOf(flag: string, value: string | boolean, most: number): number {
  const number = Number(value);
  if (typeof value === 'string' && /^[0-9]+$/.test(value) && number <= most) return number;
  throw wrong(`--${flag} is a number from 0 to ${most}, not "${String(value)}".`);
}

function wrong(message: string): AirgapError {
  return new AirgapError('usage', message, 'Run airgap-webhook --help for how it is started.');
}
