import { spawn } from 'node:child_process';
import { text as readText } from 'node:stream/consumers';
import { record, text } from '../../shared/kube/json.ts';
import { Secret, type Login } from '../../shared/registry/secret.ts';

const patience = 10_000;
const outputLimit = 64 * 1024;

/**
 * Asks `docker-credential-NAME get` for the login of a server, as docker does: the server on standard input, JSON on
 * standard output. Null where the program is missing, has none, takes too long or answers with something else: a login
 * that cannot be had is no login, and the registry's answer will say that it wanted one.
 */
export async function askHelper(name: string, server: string, search: NodeJS.ProcessEnv): Promise<Login | null> {
  // A path in a configuration file must not decide which program runs.
  if (!/^[\w.-]+$/.test(name)) return null;
  const child = spawn(`docker-credential-${name}`, ['get'], {
    stdio: ['pipe', 'pipe', 'ignore'],
    timeout: patience,
    killSignal: 'SIGKILL',
    env: search,
  });
  const failed = new Promise<string>((resolve) => child.on('error', () => resolve('')));
  child.stdin.on('error', () => undefined).end(server);
  let size = 0;
  child.stdout.on('data', (chunk: Buffer) => {
    size += chunk.length;
    if (size > outputLimit) child.kill('SIGKILL');
  });
  const output = await Promise.race([readText(child.stdout).catch(() => ''), failed]);
  return size > outputLimit ? null : readLogin(output);
}

function readLogin(output: string): Login | null {
  let json;
  try {
    json = record(JSON.parse(output));
  } catch {
    return null;
  }
  const username = text(json['Username']);
  const secret = text(json['Secret']);
  if (username === undefined || secret === undefined) return null;
  // The protocol's own mark for an identity token.
  if (username === '<token>') return { kind: 'identity', token: new Secret(secret) };
  return { kind: 'basic', username: new Secret(username), password: new Secret(secret) };
}
