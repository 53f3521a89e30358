import { AirgapError, messageOf } from '../../shared/errors.ts';

interface Facts {
  readonly server: URL;
  readonly user: string;
  /** Host and port of the proxy in between; never its user. */
  readonly proxy?: string;
}

type Text = (facts: Facts, error: Error) => { readonly message: string; readonly hint: string };

const checkAddress = "Check the address: kubectl config view --minify -o jsonpath='{.clusters[0].cluster.server}'";
const notTrusted: Text = ({ server }, error) => ({
  message: `The certificate of the API server ${server.host} is not trusted: ${messageOf(error)}.`,
  hint: 'The kubeconfig needs the CA that signed it (certificate-authority-data), or pass --certificate-authority FILE.',
});
const clientRefused: Text = ({ server, user }) => ({
  message: `The API server ${server.host} refused the client certificate of ${user}.`,
  hint: 'It may have expired or come from another cluster’s CA; get a new kubeconfig for this cluster.',
});
const notTls: Text = ({ server }) => ({
  message: `What answers at ${server.host} does not speak TLS.`,
  hint: `${checkAddress} (an http:// address, or another port?)`,
});

/** Node's and OpenSSL's error codes, and what they mean to somebody who waits for a cluster. */
const byCode: Readonly<Record<string, Text>> = {
  ENOTFOUND: ({ server }) => ({
    message: `The name ${server.hostname} of the API server does not resolve.`,
    hint: `${checkAddress}, then your resolver.`,
  }),
  EAI_AGAIN: ({ server }) => ({
    message: `The name ${server.hostname} of the API server could not be looked up: the resolver does not answer.`,
    hint: 'Check the resolver of this machine (/etc/resolv.conf).',
  }),
  ECONNREFUSED: ({ server }) => ({
    message: `Nothing listens at ${server.host}: the API server is down, or it is another address.`,
    hint: checkAddress,
  }),
  EHOSTUNREACH: ({ server }) => ({
    message: `There is no route to the API server ${server.host}.`,
    hint: 'Check the network of this machine, or the VPN or bastion it needs.',
  }),
  ETIMEDOUT: ({ server }) => ({
    message: `The API server ${server.host} does not answer.`,
    hint: 'Check the network between here and there; a firewall that drops packets looks like this.',
  }),
  ECONNRESET: ({ server }) => ({
    message: `The API server ${server.host} closed the connection.`,
    hint: 'It may be restarting, or a proxy between here and there cuts it; try again.',
  }),
  CERT_HAS_EXPIRED: ({ server }) => ({
    message: `The certificate of the API server ${server.host} has expired.`,
    hint: 'Renew it on the control plane, for example: kubeadm certs renew apiserver',
  }),
  CERT_NOT_YET_VALID: ({ server }) => ({
    message: `The certificate of the API server ${server.host} is not valid yet.`,
    hint: 'Compare the clocks of this machine and the control plane.',
  }),
  ERR_TLS_CERT_ALTNAME_INVALID: ({ server }, error) => ({
    message: `The certificate of the API server is for another name than ${server.hostname}: ${messageOf(error)}`,
    hint: 'Use a name from the certificate in the kubeconfig, or pass --tls-server-name NAME.',
  }),
  DEPTH_ZERO_SELF_SIGNED_CERT: notTrusted,
  SELF_SIGNED_CERT_IN_CHAIN: notTrusted,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: notTrusted,
  UNABLE_TO_GET_ISSUER_CERT: notTrusted,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: notTrusted,
  CERT_SIGNATURE_FAILURE: notTrusted,
  HPE_INVALID_CONSTANT: ({ server }) => ({
    message: `What answers at ${server.host} does not speak HTTP.`,
    hint: `${checkAddress} (https:// instead of http://, or another port?)`,
  }),
  HPE_HEADER_OVERFLOW: ({ server }) => ({
    message: `What answers at ${server.host} sends headers without end.`,
    hint: checkAddress,
  }),
  ERR_OSSL_X509_KEY_VALUES_MISMATCH: ({ user }) => ({
    message: `The client certificate and the client key of ${user} do not belong together.`,
    hint: 'Take both from the same kubeconfig or file pair.',
  }),
};

/** OpenSSL's words; their codes differ by the moment at which the connection breaks. */
const byMessage: readonly (readonly [RegExp, Text])[] = [
  [/wrong version number|packet length too long|unexpected message/, notTls],
  [
    /alert (bad certificate|certificate (required|expired|unknown|revoked)|unknown ca|handshake failure)/,
    clientRefused,
  ],
];

/** Through a proxy these are faults of the way to the proxy: only it resolves and connects to the API server. */
const ofTheFirstHop = new Set(['ENOTFOUND', 'EAI_AGAIN', 'ECONNREFUSED', 'EHOSTUNREACH', 'ETIMEDOUT']);

function throughProxy({ server, proxy = '' }: Facts, code: string, error: Error): { message: string; hint: string } {
  const refused = /Bad response: (\d+)/.exec(error.message)?.[1];
  return {
    message: ofTheFirstHop.has(code)
      ? `The proxy ${proxy}, through which the API server ${server.host} is reached, does not answer: ${error.message.trim()}.`
      : `The proxy ${proxy} does not let through to the API server ${server.host}: ${refused === undefined ? error.message.trim() : `HTTP ${refused}`}.`,
    hint: 'It comes from proxy-url in the kubeconfig or from HTTPS_PROXY; if the API server needs no proxy, name its host in NO_PROXY.',
  };
}

/** One sentence and a next step for a connection that did not come about or broke. */
export function connectionError(thrown: unknown, facts: Facts): AirgapError {
  if (thrown instanceof AirgapError) return thrown;
  const error = innermost(thrown);
  if (error.name === 'TimeoutError')
    return new AirgapError(
      'unreachable',
      `The API server ${facts.server.host} did not answer in time.`,
      'Try again with a longer --request-timeout, for example --request-timeout 2m.',
      thrown,
    );
  if (error.name === 'AbortError') return new AirgapError('unreachable', 'Stopped.', 'Run the command again.', thrown);
  const code = 'code' in error ? String(error.code) : '';
  const known = byCode[code] ?? byMessage.find(([pattern]) => pattern.test(error.message))?.[1];
  const hop = facts.proxy !== undefined && (known === undefined || ofTheFirstHop.has(code));
  const text = hop
    ? throughProxy(facts, code, error)
    : (known?.(facts, error) ?? {
        message: `The API server ${facts.server.host} cannot be reached: ${error.message.trim()}.`,
        hint: checkAddress,
      });
  return new AirgapError('unreachable', text.message, text.hint, thrown);
}

/** Node tries every address of a name and throws them together; one of them says enough. */
function innermost(thrown: unknown): Error {
  if (thrown instanceof AggregateError) return innermost(thrown.errors[0]);
  if (thrown instanceof Error && thrown.name === 'AbortError' && thrown.cause instanceof Error)
    return innermost(thrown.cause);
  return thrown instanceof Error ? thrown : new Error(messageOf(thrown));
}
