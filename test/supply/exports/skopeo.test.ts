import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { makeImage } from '../../cluster/registry/image.ts';
import { debianFile } from '../../cluster/tools/debian.ts';
import { digestIn, startTwoRegistries, type TwoRegistries } from '../two-registries.ts';
import { pushUsual, signatureTag } from './usual.ts';

/** Runs a shell line where the export was written, with a skopeo that asks for no signatures. */
function shell(two: TwoRegistries, line: string, environment: Readonly<Record<string, string>> = {}): string {
  const policy = two.put('policy.json', '{"default":[{"type":"insecureAcceptAnything"}]}');
  const wrapper = two.put('bin/skopeo', `#!/bin/sh\nexec ${debianFile('skopeo')} --policy ${policy} "$@"\n`);
  execFileSync('chmod', ['+x', wrapper]);
  return execFileSync('/bin/sh', ['-c', `${line} 2>&1`], {
    cwd: two.inside('skopeo'),
    encoding: 'utf8',
    env: { ...process.env, PATH: `${two.inside('bin')}:${process.env['PATH']}`, ...environment },
  });
}

test('the script copies every image and signature to its own name, with the digest of the lock', async () => {
  await using two = await startTwoRegistries({ targetPath: 'copies' });
  const { app, db, signature } = await pushUsual(two);
  const warnings = await two.exported('skopeo');
  assert.match(warnings.join('\n'), /does not copy OCI referrers, such as those of .*acme\/app:1/);
  // A tag that moves after the lock was made changes nothing for who copies by digest.
  await two.source.push('acme/db:2', await makeImage({ label: 'another build' }));
  shell(two, './skopeo-copy.sh');
  assert.equal(await digestIn(two.inner, 'copies/acme/app:1'), app.manifest.digest);
  assert.equal(await digestIn(two.inner, `copies/acme/app:${signatureTag(app)}`), signature.manifest.digest);
  assert.equal(await digestIn(two.inner, 'copies/acme/db:2'), db.manifest.digest);
});

test('the script copies over TLS with a login, and tells by its exit code that an image could not be had', async () => {
  await using two = await startTwoRegistries({ targetPath: 'copies', secure: true });
  process.env['DOCKER_CONFIG'] = two.inside('docker');
  const environment = {
    SSL_CERT_FILE: two.inside('ca.crt'),
    REGISTRY_AUTH_FILE: two.inside('docker/config.json'),
  };
  const { app, db } = await pushUsual(two, '--registry-ca', two.inside('ca.crt'));
  await two.exported('skopeo');
  shell(two, './skopeo-copy.sh', environment);
  assert.equal(await digestIn(two.inner, 'copies/acme/app:1'), app.manifest.digest);
  await two.source.remove('acme/app:1', app);
  await two.inner.remove('copies/acme/db:2', db);
  assert.throws(() => shell(two, "sed -i 's/--retry-times 5//' skopeo-copy.sh; ./skopeo-copy.sh", environment), {
    status: 1,
  });
  assert.equal(await digestIn(two.inner, 'copies/acme/db:2'), db.manifest.digest);
});

test('skopeo sync reads the list and copies to the names of the policy, by the command that the list begins with', async () => {
  await using two = await startTwoRegistries({ targetPath: 'copies' });
  const { app, db } = await pushUsual(two);
  await two.exported('skopeo');
  const [first = ''] = readFileSync(two.inside('skopeo/skopeo-sync.yml'), 'utf8').split('\n');
  assert.match(first, /^# skopeo sync .* 127\.0\.0\.1:\d+\/copies\/acme$/);
  const planned = shell(two, `${first.slice(2)} --dry-run`);
  for (const image of ['app:1', 'db:2']) assert.match(planned, new RegExp(`to="docker://.*/copies/acme/${image}"`));
  assert.equal(await digestIn(two.inner, 'copies/acme/app:1'), null);
  shell(two, first.slice(2));
  assert.equal(await digestIn(two.inner, 'copies/acme/app:1'), app.manifest.digest);
  assert.equal(await digestIn(two.inner, 'copies/acme/db:2'), db.manifest.digest);
});

test('names that skopeo sync would lay over each other are told, and the script keeps them apart', async () => {
  await using two = await startTwoRegistries({ targetPath: 'copies' });
  const [one, other] = [await makeImage({ label: 'one' }), await makeImage({ label: 'other' })];
  await two.source.push('acme/app:1', one);
  await two.source.push('other/app:1', other);
  await two.lock(['acme/app:1', 'other/app:1']);
  const warnings = await two.exported('skopeo');
  assert.match(warnings.join('\n'), /gives .*acme\/app:1 and .*other\/app:1 the same name/);
  assert.match(
    readFileSync(two.inside('skopeo/skopeo-sync.yml'), 'utf8'),
    /^# No run of skopeo sync .* use skopeo-copy/,
  );
  const flags = '--src yaml --dest docker --dest-tls-verify=false';
  // What the warning says is what skopeo does.
  shell(two, `skopeo sync ${flags} skopeo-sync.yml ${two.inner.host}/flat`);
  assert.equal(await digestIn(two.inner, 'flat/app:1'), other.manifest.digest);
  shell(two, './skopeo-copy.sh');
  assert.equal(await digestIn(two.inner, 'copies/acme/app:1'), one.manifest.digest);
  assert.equal(await digestIn(two.inner, 'copies/other/app:1'), other.manifest.digest);
});
