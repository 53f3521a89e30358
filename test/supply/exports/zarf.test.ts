import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { tool } from '../../cluster/tools/build.ts';
import { digestIn, startTwoRegistries } from '../two-registries.ts';
import { pushUsual, signatureTag } from './usual.ts';

test('zarf lints its export, makes a package of it, and puts the images into a registry with the digests of the lock', async () => {
  await using two = await startTwoRegistries({ targetPath: 'copies' });
  const { app, db, signature, referrer } = await pushUsual(two);
  assert.match((await two.exported('zarf')).join('\n'), /zarf does not copy OCI referrers[^]*without its tag/);
  const zarf = async (folder: string, ...args: readonly string[]): Promise<unknown> =>
    promisify(execFile)(await tool('zarf'), [...args, '--no-color'], {
      cwd: two.inside(folder),
      env: { ...process.env, HOME: two.folder, ZARF_TMPDIR: two.folder },
    });
  await zarf('zarf/amd64', 'dev', 'lint', '.');
  await zarf('zarf/amd64', 'package', 'create', '.', '--confirm', '--skip-sbom', '--plain-http', '-a', 'amd64');
  const made = 'zarf-package-airgap-amd64-0.1.0.tar.zst';
  const target = ['--registry-url', `${two.inner.host}/zarf`, '--plain-http', '--confirm'];
  await zarf('zarf/amd64', 'package', 'mirror-resources', made, '--images', ...target);
  for (const { manifest } of [app, ...app.children])
    assert.equal(await digestIn(two.inner, `zarf/acme/app@${manifest.digest}`), manifest.digest);
  assert.equal(await digestIn(two.inner, `zarf/acme/db@${db.manifest.digest}`), db.manifest.digest);
  assert.equal(await digestIn(two.inner, `zarf/acme/app:${signatureTag(app)}`), signature.manifest.digest);
  // What the warnings say is what zarf does.
  assert.equal(await digestIn(two.inner, `zarf/acme/app@${referrer.manifest.digest}`), null);
  assert.equal(await digestIn(two.inner, 'zarf/acme/app:1'), null);

  const text = readFileSync(two.inside('zarf/arm64/zarf.yaml'), 'utf8');
  await zarf('zarf/arm64', 'dev', 'lint', '.');
  two.put('odd/zarf.yaml', text.replace('required:', 'requierd:'));
  await assert.rejects(zarf('odd', 'dev', 'lint', '.'), /linting error found 1 instance/);
});
