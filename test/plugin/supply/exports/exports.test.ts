import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parseAllDocuments } from 'yaml';
import { exporters } from '../../../../plugin/supply/exports/index.ts';
import { pairsOf } from '../../../../plugin/supply/exports/pair.ts';
import { prefixRules } from '../../../../plugin/supply/exports/prefixes.ts';
import { applyRow } from '../../../../plugin/supply/exports/velero.ts';
import type { Lock } from '../../../../plugin/supply/lock/document.ts';
import { digest, lockOf } from './lock.ts';

const options = { plainHttp: [], name: 'airgap' };
const usual = lockOf({
  'docker.io/library/nginx:1.27': 'mirror.internal/library/nginx:1.27',
  'quay.io/acme/app:1': 'mirror.internal/quay/acme/app:1',
  [`quay.io/acme/db@${digest('a')}`]: `mirror.internal/quay/acme/db@${digest('a')}`,
  'ghcr.io/x/y:1': null,
});

async function written(to: keyof typeof exporters, lock: Lock = usual) {
  const exported = (await exporters[to]())(lock, options);
  return { ...exported, text: exported.files[0]?.text ?? '' };
}
const documents = (text: string): unknown[] =>
  (parseAllDocuments(text) as { toJS(): unknown }[]).map((document) => document.toJS());

test('every format names every image that has a place in the mirror, and says which has none', async () => {
  for (const to of Object.keys(exporters) as (keyof typeof exporters)[]) {
    const { files, warnings } = await written(to);
    const all = files.map(({ path, text }) => `${path}\n${text}`).join('\n');
    for (const host of ['docker.io', 'quay.io'])
      assert.ok(to === 'uds' || all.includes(host), `${to} does not name ${host}`);
    assert.ok(
      warnings.some((warning) => warning.includes('ghcr.io/x/y:1')),
      `${to} is silent about ghcr.io/x/y:1`,
    );
    assert.ok(!all.includes('ghcr.io'), to);
  }
});

test('regsync copies by digest to the tag of the mirror', async () => {
  const [config] = documents((await written('regsync')).text) as [{ sync: { source: string; target: string }[] }];
  const tag = `digest-${'a'.repeat(64)}`;
  assert.deepEqual(
    config.sync.map(({ source, target }) => [source, target]),
    [
      [`docker.io/library/nginx:1.27@${digest('a')}`, 'mirror.internal/library/nginx:1.27'],
      [`quay.io/acme/app:1@${digest('a')}`, 'mirror.internal/quay/acme/app:1'],
      [`quay.io/acme/db:${tag}@${digest('a')}`, `mirror.internal/quay/acme/db:${tag}`],
    ],
  );
});

test('containerd is told the mirror as server too, and a path before the repository as an API path', async () => {
  const lock = lockOf({
    'docker.io/library/nginx:1': 'mirror.internal/library/nginx:1',
    'quay.io/acme/app:1': 'mirror.internal:5000/quay/acme/app:1',
    'ghcr.io/a/b:1': 'mirror.internal/c:1',
  });
  const { files, warnings } = await written('containerd', lock);
  assert.deepEqual(
    files.map(({ path }) => path),
    ['certs.d/docker.io/hosts.toml', 'certs.d/quay.io/hosts.toml'],
  );
  assert.match(
    files[0]?.text ?? '',
    /^server = "https:\/\/mirror\.internal"\n\n\[host\."https:\/\/mirror\.internal"\]\n/,
  );
  assert.match(
    files[1]?.text ?? '',
    /\[host\."https:\/\/mirror\.internal:5000\/v2\/quay"\]\n.*\n {2}override_path = true/,
  );
  assert.ok(warnings.some((warning) => warning.includes('ghcr.io/a/b')));
});

test('a k3s rewrite matches whole segments alone', async () => {
  const { text } = await written('k3s', lockOf({ 'quay.io/acme/app:1': 'mirror.internal/other/app:1' }));
  const [{ mirrors }] = documents(text) as [{ mirrors: Record<string, { rewrite: Record<string, string> }> }];
  const [[pattern, result] = ['', '']] = Object.entries(mirrors['quay.io']?.rewrite ?? {});
  const rewrite = (name: string): string => name.replace(new RegExp(pattern), result);
  assert.equal(rewrite('acme/app'), 'other/app');
  assert.equal(rewrite('acmes/app'), 'acmes/app');
});

test('what velero could change in two ways is refused, with the name', async () => {
  const ambiguous = lockOf({
    'quay.io/a/app:1': 'mirror.internal/quay/a/app:1',
    'mirror2.internal/quay.io/b:1': 'mirror.internal/elsewhere/b:1',
  });
  await assert.rejects(
    written('velero', ambiguous),
    /Velero cannot be told to change .*mirror2\.internal\/quay\.io\/b:1/,
  );
});

const segment = fc.constantFrom('a', 'b', 'ab', 'lib');
const host = fc.constantFrom('docker.io', 'quay.io', 'reg.internal');
const repository = fc
  .tuple(host, fc.array(segment, { minLength: 1, maxLength: 3 }))
  .map(([first, rest]) => [first, ...(first === 'docker.io' ? ['x'] : []), ...rest].join('/'));
const locks = fc
  .dictionary(
    repository.map((name) => `${name}:1`),
    repository.map((name) => `mirror.${name}:1`),
    { minKeys: 1, maxKeys: 5 },
  )
  .map((mirrors) => lockOf(mirrors));

test('prefix rules lead every image to its own place, longest prefix first', () => {
  fc.assert(
    fc.property(locks, (lock) => {
      const { pairs } = pairsOf(lock);
      const rules = prefixRules(pairs).toSorted((a, b) => b.source.length - a.source.length);
      for (const { sourceRepository, targetRepository } of pairs) {
        const rule = rules.find(({ source }) => `${sourceRepository}/`.startsWith(`${source}/`));
        assert.equal(`${rule?.target}${sourceRepository.slice(rule?.source.length)}`, targetRepository);
      }
    }),
    { numRuns: 400 },
  );
});

test('what velero is given leads every image to its place in every order of the rows', async () => {
  const velero = await exporters.velero();
  let accepted = 0;
  fc.assert(
    fc.property(locks, fc.infiniteStream(fc.nat()), (lock, random) => {
      let text: string;
      try {
        text = velero(lock, options).files[0]?.text ?? '';
      } catch {
        return;
      }
      accepted += 1;
      const [{ data }] = documents(text) as [{ data: Record<string, string> }];
      const rows = Object.values(data)
        .map((row) => row.split(','))
        .map(([source = '', target = '']) => ({ source, target, order: random.next().value as number }))
        .toSorted((a, b) => a.order - b.order);
      for (const { locked } of pairsOf(lock).pairs) {
        const row = rows.find(({ source }) => locked.image.includes(source));
        assert.ok(row);
        assert.equal(applyRow(locked.image, row), locked.mirror);
      }
    }),
  );
  assert.ok(accepted > 10);
});
