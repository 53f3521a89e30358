import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import { isListening } from '../../cluster/ports.ts';
import { debianFile } from '../../cluster/tools/debian.ts';
import { digestIn, startTwoRegistries } from '../two-registries.ts';
import { pushUsual } from './usual.ts';

test('the CRI-O file leads a pull of the old name to the mirror, by tag and by digest, with the source gone', async () => {
  await using two = await startTwoRegistries({ targetPath: 'copies' });
  const { app, db } = await pushUsual(two);
  await two.exported('crio');
  await two.inner.push('copies/acme/app:1', app);
  await two.source.stop();
  const { port } = new URL(two.source.url);
  assert.equal(await isListening(Number(port), '127.0.0.1'), false);
  const policy = two.put('policy.json', '{"default":[{"type":"insecureAcceptAnything"}]}');
  const skopeo = (...args: readonly string[]): string =>
    execFileSync(
      debianFile('skopeo'),
      ['--policy', policy, '--registries-conf', two.inside('crio/registries.conf.d/50-airgap.conf'), ...args],
      { encoding: 'utf8', stdio: 'pipe' },
    );
  const old = `docker://${two.source.host}/acme/app`;
  assert.deepEqual(Buffer.from(skopeo('inspect', '--raw', `${old}:1`)), app.manifest.bytes);
  // Layers too, to a folder: what a node does.
  skopeo('copy', '--all', '--preserve-digests', `${old}@${app.manifest.digest}`, `dir:${two.inside('pulled')}`);
  assert.equal(await digestIn(two.inner, `copies/acme/app@${app.manifest.digest}`), app.manifest.digest);
  // A miss names the mirror and that the source is blocked: the source is not asked.
  assert.throws(
    () => skopeo('inspect', `docker://${two.source.host}/acme/db@${db.manifest.digest}`),
    /copies\/acme\/db.*blocked/s,
  );
});
