import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { tools } from '../../cluster/tools/build.ts';
import { debianFile } from '../../cluster/tools/debian.ts';
import { digestIn, startTwoRegistries } from '../two-registries.ts';
import { pushUsual } from './usual.ts';

test('images of a host that is an IPv6 address go to who takes them, and are left out with a word for who does not', async () => {
  await using two = await startTwoRegistries({ targetPath: 'copies', sourceAddress: '[::1]' });
  const { app } = await pushUsual(two);
  const { regsync, 'registries-pull': pull } = await tools(['regsync', 'registries-pull']);
  await two.exported('regsync');
  execFileSync(regsync, ['once', '-c', two.inside('regsync/regsync.yml')], { stdio: 'pipe' });
  assert.equal(await digestIn(two.inner, 'copies/acme/app:1'), app.manifest.digest);

  const name = `${two.source.host}/acme/app:1`;
  const refused = spawnSync(debianFile('skopeo'), ['inspect', '--tls-verify=false', `docker://${name}`]);
  assert.match(String(refused.stderr), /invalid reference format/);
  for (const to of ['skopeo', 'crio', 'idms', 'oc-mirror']) {
    const warnings = await two.exported(to);
    assert.equal(warnings.filter((warning) => /\[::1\].* is left out: .* IPv6/.test(warning)).length, 2, to);
  }
  assert.doesNotMatch(readFileSync(two.inside('skopeo/skopeo-copy.sh'), 'utf8'), /::1/);

  await two.exported('k3s');
  await two.source.stop();
  const out = execFileSync(pull, [two.inside('k3s/registries.yaml'), name], { encoding: 'utf8', stdio: 'pipe' });
  assert.equal(out.trim(), app.children[0]?.manifest.digest);
});
