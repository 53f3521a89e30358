import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import type { PruneReport } from '../../plugin/supply/prune/report.ts';
import { startDistribution, type Registry } from '../cluster/registry/distribution.ts';
import { makeImage, type Image } from '../cluster/registry/image.ts';
import { startLoopbackRegistries, type LoopbackRegistries } from '../cluster/registry/on-loopback.ts';
import { account } from '../cluster/registry/token-service.ts';
import { freePorts } from '../cluster/ports.ts';
import { releaseSlot, takeSlot } from '../cluster/state.ts';
import { run } from '../plugin/commands/run.ts';
import { lockOf } from '../plugin/supply/exports/lock.ts';

let registries: LoopbackRegistries;
let [kept, old]: Image[] = [];
const folder = mkdtempSync(path.join(tmpdir(), 'airgap-prune-'));
const inside = (name: string): string => path.join(folder, name);
const { REGISTRY_AUTH_FILE: earlier } = process.env;

before(async () => {
  registries = await startLoopbackRegistries('v3');
  [kept, old] = [await makeImage({ label: 'kept' }), await makeImage({ label: 'old' })];
  const auth = Buffer.from(`${account.user}:${account.password}`).toString('base64');
  const { basic, token } = registries;
  writeFileSync(inside('auth.json'), JSON.stringify({ auths: { [basic.host]: { auth }, [token.host]: { auth } } }));
  writeFileSync(inside('ca.pem'), registries.authority.certificate);
});
after(async () => {
  await registries[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true });
});

async function prune(registry: Registry, ...args: readonly string[]): Promise<{ code: number; report: PruneReport }> {
  assert.ok(kept !== undefined && old !== undefined);
  await registry.push('m/app:1', kept);
  await registry.push('m/app:2', old);
  writeFileSync(inside('lock.yaml'), JSON.stringify(lockOf({ 'quay.io/app:1': `${registry.host}/m/app:1` })));
  const line = ['mirror', 'prune', '--no-running', '--lock', inside('lock.yaml'), '--registry-ca', inside('ca.pem')];
  // Only while it runs: registries read their own configuration from variables of such names.
  process.env['REGISTRY_AUTH_FILE'] = inside('auth.json');
  const { code, out, err } = await run([...line, '-o', 'json', ...args]);
  if (earlier === undefined) delete process.env['REGISTRY_AUTH_FILE'];
  else process.env['REGISTRY_AUTH_FILE'] = earlier;
  assert.notEqual(out, '', err);
  return { code, report: JSON.parse(out) as PruneReport };
}

const results = ({ repositories }: PruneReport): string[] =>
  repositories.flatMap(({ removals }) => removals.map(({ tags, result }) => `${tags.join()} ${result}`));

test('a login by user and password, and one by token, each delete with what the registry asks for', async () => {
  for (const registry of [registries.tls, registries.basic, registries.token]) {
    const { code, report } = await prune(registry, '--yes');
    assert.deepEqual([code, results(report)], [0, ['2 removed']], JSON.stringify(report));
    assert.deepEqual(report.repositories[0]?.keptTags, ['1']);
  }
});

test('a registry that keeps its list of repositories to itself is told as such; what the lock names is pruned', async () => {
  const { host } = registries.token;
  const policy = `apiVersion: airgap.dev/v1alpha1\nkind: AirgapPolicy\nmetadata: {name: p}\nspec: {mirrors: [{sourcePrefix: quay.io, targetPrefix: "${host}/m"}]}\n`;
  writeFileSync(inside('policy.yaml'), policy);
  const { code, report } = await prune(registries.token, '--policy', inside('policy.yaml'));
  assert.deepEqual([code, results(report)], [0, ['2 planned']]);
  assert.deepEqual(
    report.unlisted.map(({ prefix }) => prefix),
    [`${host}/m`],
  );
});

test('a real registry that does not delete is told with its setting', async () => {
  const slot = takeSlot();
  const [port = 0] = await freePorts(1);
  for (const engine of ['debian', 'v3'] as const) {
    const registry = await startDistribution(slot, {
      name: engine,
      address: '127.0.0.1',
      port,
      engine,
      deletes: false,
    });
    const { code, report } = await prune(registry, '--yes');
    await registry.stop();
    assert.deepEqual([code, results(report)], [1, ['2 failed']]);
    assert.match(report.repositories[0]?.removals[0]?.detail ?? '', /does not delete .*storage\.delete\.enabled: true/);
  }
  releaseSlot(slot);
});
