import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { parse } from 'yaml';
import { tool } from '../../cluster/tools/build.ts';
import { digestIn, startTwoRegistries, type TwoRegistries } from '../two-registries.ts';
import { pushUsual, signatureTag, type Usual } from './usual.ts';

interface Config {
  readonly sync: readonly { readonly source: string; readonly target: string; readonly platforms?: string[] }[];
}

/** What regsync makes of the file when it prints it, so that a key it does not know would be seen to be missing. */
async function understood(file: string): Promise<Config> {
  return parse(execFileSync(await tool('regsync'), ['config', '-c', file], { encoding: 'utf8' })) as Config;
}

async function copiedWhole({ inner }: TwoRegistries, { app, db, referrer, signature }: Usual): Promise<void> {
  assert.equal(await digestIn(inner, 'copies/acme/db:2'), db.manifest.digest);
  assert.equal(await digestIn(inner, 'copies/acme/app:1'), app.manifest.digest);
  assert.equal(await digestIn(inner, `copies/acme/app:${signatureTag(app)}`), signature.manifest.digest);
  for (const { manifest } of [...app.children, referrer])
    assert.equal(await digestIn(inner, `copies/acme/app@${manifest.digest}`), manifest.digest);
}

test('regsync understands every line of its export, and copies platforms, signature and referrer by it', async () => {
  await using two = await startTwoRegistries({ targetPath: 'copies' });
  const usual = await pushUsual(two);
  assert.deepEqual(await two.exported('regsync'), []);
  const file = two.inside('regsync/regsync.yml');
  const { defaults, sync, creds } = parse(readFileSync(file, 'utf8')) as Record<string, object>;
  const printed = (await understood(file)) as unknown as Record<string, object>;
  assert.partialDeepStrictEqual(printed, { defaults: { parallel: 4, digestTags: true, referrers: true }, sync, creds });
  assert.ok(defaults);
  execFileSync(await tool('regsync'), ['once', '-c', file], { stdio: 'pipe' });
  await copiedWhole(two, usual);
  execFileSync(await tool('regsync'), ['check', '-c', file], { stdio: 'pipe' });
});

test('regsync copies over TLS, with the logins of docker and the authority of the site', async () => {
  await using two = await startTwoRegistries({ targetPath: 'copies', secure: true });
  process.env['DOCKER_CONFIG'] = two.inside('docker');
  const usual = await pushUsual(two, '--registry-ca', two.inside('ca.crt'));
  await two.exported('regsync');
  const file = two.inside('regsync/regsync.yml');
  execFileSync(await tool('regsync'), ['once', '-c', file], {
    stdio: 'pipe',
    env: { ...process.env, SSL_CERT_FILE: two.inside('ca.crt') },
  });
  await copiedWhole(two, usual);
});

test('regsync copies the platforms of the lock and no other, to a registry that takes such an index', async () => {
  await using two = await startTwoRegistries({ targetPath: 'copies', sparse: true });
  const { app } = await pushUsual(two, '--platform', 'linux/amd64');
  assert.match((await two.exported('regsync')).join('\n'), /allows an index without all of its platforms/);
  const file = two.inside('regsync/regsync.yml');
  assert.deepEqual((await understood(file)).sync[0]?.platforms, ['linux/amd64']);
  execFileSync(await tool('regsync'), ['once', '-c', file], { stdio: 'pipe' });
  const there = app.children.map(({ manifest }) => digestIn(two.inner, `copies/acme/app@${manifest.digest}`));
  assert.deepEqual(await Promise.all(there), [app.children[0]?.manifest.digest, null]);
  assert.equal(await digestIn(two.inner, 'copies/acme/app:1'), app.manifest.digest);
});
