import { record, text, type Json } from '../kube/json.ts';
import { Secret, type Login } from './secret.ts';

/** The two shapes of a pull secret: `kubernetes.io/dockerconfigjson` (also ~/.docker/config.json) and `…/dockercfg`. */
export type DockerConfigFormat = 'dockerconfigjson' | 'dockercfg';

/** One registry that a docker configuration has an entry for. Nothing of it shows a credential when it is printed. */
export interface DockerConfigEntry {
  /** Host with its port as written; each part between dots may hold `*`. */
  readonly host: string;
  /** Empty, or a path with its leading slash; a repository must begin with it. */
  readonly path: string;
  /** Null where the entry names a host and brings nothing to log in with. */
  readonly login: Login | null;
}

/**
 * Why a configuration is of no use. The kubelet drops the whole secret for `bad-entry` and everything above it in this
 * list, and sends no credentials, without a word, for `no-auths` and `other-format`.
 */
export type DockerConfigProblem =
  | { readonly kind: 'empty' }
  | { readonly kind: 'not-json' }
  /** Base64 of JSON: the content was encoded once by hand and once more by the API. */
  | { readonly kind: 'encoded-twice' }
  | { readonly kind: 'bad-entry'; readonly host: string; readonly why: string }
  | { readonly kind: 'no-auths' }
  /** `.dockercfg` content under `.dockerconfigjson` or the other way round. */
  | { readonly kind: 'other-format' };

export interface DockerConfig {
  readonly entries: readonly DockerConfigEntry[];
  readonly problem: DockerConfigProblem | null;
  /** `credHelpers`: registry host to the name of its `docker-credential-NAME` program. */
  readonly helpers: Readonly<Record<string, string>>;
  /** `credsStore`: the program that is asked for every other host. */
  readonly store: string | null;
}

/** Reads a docker configuration as the kubelet does, and says what the kubelet would not. Never throws. */
export function readDockerConfig(content: string, format: DockerConfigFormat = 'dockerconfigjson'): DockerConfig {
  const fail = (problem: DockerConfigProblem): DockerConfig => ({ entries: [], problem, helpers: {}, store: null });
  if (content.trim() === '') return fail({ kind: 'empty' });
  const whole = parseObject(content);
  if (whole === undefined) return fail({ kind: encodedTwice(content) ? 'encoded-twice' : 'not-json' });

  // The kubelet would take `auths` for the name of a host.
  if (format === 'dockercfg' && 'auths' in whole) return fail({ kind: 'other-format' });
  const auths = format === 'dockercfg' ? whole : whole['auths'];
  const helpers: Record<string, string> = {};
  for (const [host, program] of Object.entries(record(whole['credHelpers'])))
    if (typeof program === 'string') helpers[host] = program;
  const store = text(whole['credsStore']) ?? null;
  const entries: DockerConfigEntry[] = [];
  let problem: DockerConfigProblem | null = null;
  for (const [key, value] of Object.entries(record(auths))) {
    const place = placeOf(key);
    if (place === undefined) continue;
    const login = loginOf(value);
    if ('why' in login) problem ??= { kind: 'bad-entry', host: place.host, why: login.why };
    else entries.push({ ...place, login: login.login });
  }
  if (problem === null && format === 'dockerconfigjson' && lacksAuths(whole)) problem = { kind: 'other-format' };
  const logsInOtherwise = Object.keys(helpers).length > 0 || store !== null;
  if (problem === null && entries.length === 0 && !logsInOtherwise) problem = { kind: 'no-auths' };
  return { entries, problem, helpers, store };
}

/** Hosts at the top of `.dockerconfigjson` are not looked at. */
function lacksAuths(whole: Json): boolean {
  return !('auths' in whole) && Object.values(whole).some((value) => 'auth' in record(value));
}

/**
 * The host and path that the kubelet compares with an image's name: no scheme, no user, and `/v1/` or `/v2/` counts as
 * no path. A key that is no address is ignored, as the kubelet does.
 */
function placeOf(key: string): { host: string; path: string } | undefined {
  const address = key.replace(/^https?:\/\//, '').replace(/[?#].*$/s, '');
  const slash = address.indexOf('/');
  const authority = slash < 0 ? address : address.slice(0, slash);
  const host = authority.slice(authority.lastIndexOf('@') + 1);
  if (!/^(?:\[[0-9a-fA-F:.%]+\]|[^\s[\]<>"\\^`{|}:%]*)(?::\d*)?$/.test(host)) return undefined;
  const written = slash < 0 ? '' : address.slice(slash);
  const path = /^\/v[12]\//.test(written) ? written.slice(3) : written;
  return { host, path: path === '/' ? '' : path };
}

function loginOf(value: unknown): { login: Login | null } | { why: string } {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return { why: 'it is not an object' };
  const entry = value as Json;
  for (const field of ['username', 'password', 'auth'])
    if (entry[field] !== undefined && entry[field] !== null && typeof entry[field] !== 'string')
      return { why: `its ${field} is not a string` };
  const identity = text(entry['identitytoken']);
  const bearer = text(entry['registrytoken']);
  const auth = text(entry['auth']);
  if (auth !== undefined) {
    const pair = decodeBase64(auth);
    if (pair === undefined) return { why: 'its auth is not base64' };
    const colon = pair.indexOf(':');
    if (colon < 0) return { why: 'its auth is not base64 of user:password' };
    if (identity === undefined && bearer === undefined)
      return { login: basic(pair.slice(0, colon), pair.slice(colon + 1)) };
  }
  if (identity !== undefined) return { login: { kind: 'identity', token: new Secret(identity) } };
  if (bearer !== undefined) return { login: { kind: 'bearer', token: new Secret(bearer) } };
  const username = text(entry['username']);
  return { login: username === undefined ? null : basic(username, text(entry['password']) ?? '') };
}

function basic(username: string, password: string): Login {
  // The docker client writes a NUL after a password that came from a padded field.
  return { kind: 'basic', username: new Secret(username), password: new Secret(password.replace(/\0+$/, '')) };
}

/** Strict, unlike Buffer: what the kubelet's decoder refuses is undefined here too. */
function decodeBase64(value: string): string | undefined {
  const packed = value.replaceAll(/[\r\n]/g, '');
  const bare = packed.replace(/={1,2}$/, '');
  if (!/^[A-Za-z0-9+/]+$/.test(bare) || bare.length % 4 === 1) return undefined;
  if (bare !== packed && packed.length % 4 !== 0) return undefined;
  return Buffer.from(bare, 'base64').toString('utf8');
}

function parseObject(content: string): Json | undefined {
  try {
    const value: unknown = JSON.parse(content);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : undefined;
  } catch {
    return undefined;
  }
}

function encodedTwice(content: string): boolean {
  const decoded = decodeBase64(content.trim());
  return decoded !== undefined && parseObject(decoded) !== undefined;
}
