import type { Args, Flags } from './command.ts';

const connection = { group: 'Connection flags' } as const;

/** kubectl's own flags for reaching the API server, under the same names. */
export const connectionFlags = {
  kubeconfig: {
    ...connection,
    type: 'string',
    value: 'FILE',
    complete: 'files',
    describe: 'kubeconfig to use instead of $KUBECONFIG or ~/.kube/config',
  },
  context: {
    ...connection,
    type: 'string',
    value: 'NAME',
    complete: 'contexts',
    describe: 'kubeconfig context to use',
  },
  cluster: {
    ...connection,
    type: 'string',
    value: 'NAME',
    complete: 'clusters',
    describe: 'kubeconfig cluster to use',
  },
  user: { ...connection, type: 'string', value: 'NAME', complete: 'users', describe: 'kubeconfig user to use' },
  server: { ...connection, type: 'string', short: 's', value: 'URL', describe: 'address of the API server' },
  token: { ...connection, type: 'string', value: 'TOKEN', describe: 'bearer token for the API server' },
  'certificate-authority': {
    ...connection,
    type: 'string',
    value: 'FILE',
    complete: 'files',
    describe: 'CA certificates of the API server (PEM)',
  },
  'client-certificate': {
    ...connection,
    type: 'string',
    value: 'FILE',
    complete: 'files',
    describe: 'client certificate (PEM)',
  },
  'client-key': {
    ...connection,
    type: 'string',
    value: 'FILE',
    complete: 'files',
    describe: 'key of the client certificate (PEM)',
  },
  'tls-server-name': {
    ...connection,
    type: 'string',
    value: 'NAME',
    describe: 'name to look for in the API server certificate',
  },
  'insecure-skip-tls-verify': {
    ...connection,
    type: 'boolean',
    describe: 'do not verify the API server certificate',
  },
  as: { ...connection, type: 'string', value: 'USER', describe: 'user to impersonate' },
  'as-group': { ...connection, type: 'strings', value: 'GROUP', describe: 'group to impersonate; may be repeated' },
  'as-uid': { ...connection, type: 'string', value: 'UID', describe: 'UID to impersonate' },
  'request-timeout': {
    ...connection,
    type: 'string',
    value: 'DURATION',
    default: '0',
    describe: 'how long one request may take, such as 30s or 2m; 0 waits as long as the request needs',
  },
} as const satisfies Flags;

export type ConnectionArgs = Args<typeof connectionFlags>;

/** `-n` and `-A`, for commands that look at namespaces. */
export const namespaceFlags = {
  namespace: {
    type: 'string',
    short: 'n',
    value: 'NAME',
    complete: 'namespaces',
    describe: 'only this namespace, instead of all',
  },
  'all-namespaces': { type: 'boolean', short: 'A', describe: 'all namespaces' },
} as const satisfies Flags;

/** Flags of every command. */
export const globalFlags = {
  color: {
    type: 'string',
    value: 'WHEN',
    choices: ['auto', 'always', 'never'],
    default: 'auto',
    describe: 'when to colour; auto is on a terminal, unless NO_COLOR is set',
  },
  help: { type: 'boolean', short: 'h', describe: 'print help for a command' },
} as const satisfies Flags;

/** `-o`, for commands whose result is a table or one document. */
export const outputFlag = {
  output: {
    type: 'string',
    short: 'o',
    value: 'FORMAT',
    choices: ['table', 'json', 'yaml'],
    default: 'table',
    describe: 'how to print the result',
  },
} as const satisfies Flags;

/** From which severity on a finding makes the command fail. */
export const failOnFlag = {
  'fail-on': {
    type: 'string',
    value: 'SEVERITY',
    choices: ['error', 'warning', 'never'],
    default: 'error',
    describe: 'what makes the exit code 1',
  },
} as const satisfies Flags;

const registryCa = {
  type: 'string',
  value: 'FILE',
  complete: 'files',
  describe: 'CA certificates of the registries (PEM)',
} as const;

/** For commands that ask the registries which images name, and these beside. */
export const registryFlags = {
  registry: {
    type: 'strings',
    value: 'HOST',
    describe: 'further host that may be asked, such as a token service; http://HOST where it speaks plain HTTP',
  },
  'registry-ca': registryCa,
} as const satisfies Flags;

/** What beside the API server is looked at, for commands that examine or record. */
export const lookFlags = {
  registry: { type: 'strings', value: 'HOST', describe: 'registry to look at from this machine; may be repeated' },
  'registry-ca': registryCa,
  'pki-dir': {
    type: 'string',
    value: 'DIR',
    complete: 'directories',
    describe: 'certificates of a node to look at, such as /etc/kubernetes/pki; never the keys',
  },
} as const satisfies Flags;
