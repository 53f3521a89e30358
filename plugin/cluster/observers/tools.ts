import { execFile } from 'node:child_process';
import { text } from '../../../shared/kube/json.ts';
import { ask, readJson } from '../ask.ts';
import type { Connection } from '../connection.ts';
import type { Observer } from '../observer.ts';

/** How each program tells its own release, with nothing asked of any server. */
const tools: readonly (readonly [name: string, args: readonly string[]])[] = [
  ['kubectl', ['version', '--client']],
  ['helm', ['version', '--short']],
  ['regctl', ['version']],
  ['skopeo', ['--version']],
];
const patience = 5000;

/** The release of the API server, and of the programs on the PATH that this one works with. */
export const observeTools: Observer = async (connection, _snapshot, { signal }, visit) => {
  const seen = await Promise.all([
    serverVersion(connection, signal).then((version) => ({ name: 'api-server', version })),
    ...tools.map(async ([name, args]) => ({ name, version: await versionOf(name, args, signal) })),
  ]);
  for (const { name, version } of seen) visit({ name, ...(version === null ? {} : { version }) });
  return null;
};

async function serverVersion(connection: Connection, signal: AbortSignal): Promise<string> {
  const answer = await ask(connection, '/version', signal);
  if ('refused' in answer) return '';
  return (text((await readJson(answer.ok, connection))['gitVersion']) ?? '').replace(/^v/, '');
}

/** Null where there is no such program; empty where it says nothing that reads as a release. */
async function versionOf(name: string, args: readonly string[], signal: AbortSignal): Promise<string | null> {
  const { promise, resolve } = Promise.withResolvers<string | null>();
  execFile(name, args, { signal, timeout: patience, maxBuffer: 1 << 20 }, (error, stdout) => {
    if (error !== null && 'code' in error && error.code === 'ENOENT') resolve(null);
    else resolve(/\bv?(\d+\.\d+(?:\.\d+)?[\w.+-]*)/.exec(stdout)?.[1] ?? '');
  });
  return promise;
}
