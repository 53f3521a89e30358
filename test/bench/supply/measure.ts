import { readFileSync } from 'node:fs';
import path from 'node:path';
import { debianFile } from '../../cluster/tools/debian.ts';
import { tools } from '../../cluster/tools/build.ts';
import { startTwoRegistries } from '../../supply/two-registries.ts';
import { interleaved, run, type Run } from '../measure.ts';
import { farAway } from './far-away.ts';
import { stock } from './stock.ts';

const program = [process.execPath, path.resolve(import.meta.dirname, '../../../dist/kubectl-airgap.mjs')];

/** A round trip to a registry in another building, in milliseconds. */
export const roundTrip = 20;

type Runs = Readonly<Record<string, readonly Run[]>>;

export interface SupplyFigures {
  readonly images: number;
  /** `verify` and `regsync check` beside each other, on loopback and 20 ms away. */
  readonly near: Runs;
  readonly far: Runs;
  readonly lock: { readonly run: Run; readonly requests: number };
  /** `mirror run`, `regsync once` and `skopeo sync`, each into an empty path. */
  readonly copy: Runs;
}

export async function measureSupply(images: number, say: (line: string) => void): Promise<SupplyFigures> {
  const { regsync, regctl } = await tools(['regsync', 'regctl']);
  await using two = await startTwoRegistries({ targetPath: 'mirror', engine: 'v3' });
  say(`Filling two registries with ${images} images…`);
  const places = [
    { registry: two.source, below: '' },
    { registry: two.inner, below: 'mirror/' },
  ];
  const names = await stock(places, images);
  await two.lock(names);
  const env = { ...process.env, PATH: `${path.dirname(regctl)}:${process.env['PATH']}`, NODE_OPTIONS: '' };

  /** The lock with other hosts or another path, and regsync's file of it. */
  const variant = async (name: string, changes: readonly (readonly [string, string])[]): Promise<Variant> => {
    const rename = (text: string): string => changes.reduce((all, [from, to]) => all.replaceAll(from, to), text);
    const lock = two.put(`${name}/lock.yaml`, rename(readFileSync(two.inside('lock.yaml'), 'utf8')));
    await two.exported('regsync');
    const file = two.put(`${name}/regsync.yml`, rename(readFileSync(two.inside('regsync/regsync.yml'), 'utf8')));
    return { lock, regsync: file };
  };
  const checks = ({ lock, regsync: file }: Variant): Record<string, string[]> => ({
    verify: [...program, 'verify', '--lock', lock, '--no-cluster', '--no-progress'],
    regsync: [regsync, 'check', '-c', file],
  });
  say('Verifying…');
  const near = await interleaved(checks(await variant('near', [])), 5, env);
  say(`On loopback: ${told(near)}`);
  await using source = await farAway(two.source.host, roundTrip);
  await using inner = await farAway(two.inner.host, roundTrip);
  const away = [
    [two.source.host, source.host],
    [two.inner.host, inner.host],
  ] as const;
  const far = await interleaved(checks(await variant('far', away)), 3, env);

  say(`${roundTrip} ms away: ${told(far)}`);
  say('Locking…');
  const list = two.put('far.txt', names.map((name) => `${source.host}/${name}\n`).join(''));
  const before = source.requests();
  const command = ['lock', '--list', list, '--lock', two.inside('far-lock.yaml'), '--no-progress'];
  const locked = await run([...program, ...command], env);
  if (locked.exitCode !== 0) throw new Error(locked.stdout);
  const requests = source.requests() - before;
  say(`${requests} requests: ${told({ lock: [locked] })}`);

  say('Copying…');
  await two.exported('skopeo');
  const policy = two.put('policy.json', '{"default":[{"type":"insecureAcceptAnything"}]}');
  const copy: Record<string, Run[]> = {};
  for (let round = 0; round < 2; round += 1) {
    const into = (name: string): Promise<Variant> =>
      variant(`${name}-${round}`, [[`${two.inner.host}/mirror/`, `${two.inner.host}/${name}-${round}/`]]);
    const [ours, theirs] = [await into('ours'), await into('regsync')];
    const commands = {
      'mirror run': [...program, 'mirror', 'run', '--lock', ours.lock, '--no-progress'],
      'regsync once': [regsync, 'once', '-c', theirs.regsync],
      'skopeo sync': skopeo(policy, two.inside('skopeo/skopeo-sync.yml'), `${two.inner.host}/skopeo-${round}`),
    };
    for (const [name, line] of Object.entries(commands)) {
      const result = await run(line, env);
      if (result.exitCode !== 0) throw new Error(`${name} ended with ${result.exitCode}: ${result.stdout.slice(-500)}`);
      (copy[name] ??= []).push(result);
      say(`${name}: ${(result.milliseconds / 1000).toFixed(1)} s`);
    }
  }
  return { images, near, far, lock: { run: locked, requests }, copy };
}

const told = (runs: Runs): string =>
  Object.entries(runs)
    .map(([name, all]) => `${name} ${all.map(({ milliseconds }) => milliseconds.toFixed(0)).join(', ')} ms`)
    .join('; ');

interface Variant {
  readonly lock: string;
  readonly regsync: string;
}

function skopeo(policy: string, file: string, target: string): string[] {
  const flags = ['--all', '--src-tls-verify=false', '--dest-tls-verify=false'];
  return [
    debianFile('skopeo'),
    '--policy',
    policy,
    'sync',
    '--src',
    'yaml',
    '--dest',
    'docker',
    ...flags,
    file,
    target,
  ];
}
