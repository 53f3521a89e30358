import assert from 'node:assert/strict';
import { test } from 'node:test';
import { exporters } from '../../../../plugin/supply/exports/index.ts';
import { everything } from './everything.ts';
import { digest, lockOf } from './lock.ts';

type Format = keyof typeof exporters;

const noPlace = /gcr\.io\/none\/none:1 is left out: no policy/;
const there = /nothing is done for: mirror\.internal:5000\/own\/tool:1$/;
const noAddress = /\[fd00::1\]:5000\/six\/app:1 is left out: .* IPv6/;
const oneRegistry = /one registry a run, and the policy names mirror\.internal:5000, second\.internal/;
const plainHttp = /mirror\.internal:5000 speaks plain HTTP: /;
const referrers = /does not copy OCI referrers, such as those of quay\.io\/acme\/app:1/;
const zarf = [
  /one --registry-url, .* below mirror\.internal:5000\/hub, .* cannot all be made/,
  referrers,
  plainHttp,
  /without its tag: keep the registry from removing/,
  /one architecture a package/,
];

/** Everything that is said of a lock with one of everything in it, beside what is said of its first and last image. */
const told: Readonly<Record<Format, readonly RegExp[]>> = {
  regsync: [/only linux\/amd64, linux\/arm\/v7 is copied/],
  skopeo: [
    noAddress,
    /cannot be told linux\/amd64, linux\/arm\/v7/,
    referrers,
    /no run of skopeo sync gives every image the name/,
    /gives quay\.io\/acme\/app:1@.* and ghcr\.io\/acme\/app:1 the same name/,
    /a tag that has moved/,
    /no tag to an image that is named by digest alone/,
  ],
  hauler: [oneRegistry, plainHttp, /one platform or all: all are copied/],
  zarf,
  uds: [...zarf, /a bundle holds packages/],
  'oc-mirror': [
    noAddress,
    /refused by older releases/,
    oneRegistry,
    plainHttp,
    /no variant of an architecture/,
    /not its attestations/,
    referrers,
  ],
  idms: [noAddress, plainHttp, /drains and restarts nodes/],
  containerd: [],
  k3s: [/disable-default-registry-endpoint: true/],
  crio: [noAddress],
  velero: [
    /as they are written: .*docker\.io\/library\/nginx:1\.27 and 1 more$/,
    /containers and init containers only/,
  ],
};

test('what a format cannot carry of a lock with one of everything is told, and no more than that', async () => {
  for (const [to, expected] of Object.entries(told) as [Format, readonly RegExp[]][]) {
    const { files, warnings } = (await exporters[to]())(everything, {
      plainHttp: ['mirror.internal:5000'],
      name: 'airgap',
    });
    const all = [noPlace, there, ...expected];
    for (const warning of warnings) assert.equal(all.filter((one) => one.test(warning)).length, 1, `${to}: ${warning}`);
    for (const one of all)
      assert.ok(
        warnings.some((warning) => one.test(warning)),
        `${to} does not say ${one}`,
      );
    const text = files.map((file) => `${file.path}\n${file.text}`).join('\n');
    const carried = [
      'docker.io',
      'quay.io',
      'ghcr.io',
      'registry.example:5000',
      ...(all.includes(noAddress) ? [] : ['[fd00::1]:5000']),
    ];
    for (const host of to === 'uds' ? [] : carried) assert.ok(text.includes(host), `${to} does not carry ${host}`);
  }
});

test('two different images with one place in the mirror are told in every format', async () => {
  const { images, ...rest } = lockOf({
    'quay.io/a/app:1': 'm.internal/a/app:1',
    'ghcr.io/a/app:1': 'm.internal/a/app:1',
  });
  const lock = { ...rest, images: images.map((image, i) => ({ ...image, digest: digest(`${i}`) })) };
  const same = { ...rest, images };
  for (const to of Object.keys(exporters) as Format[]) {
    const exporter = await exporters[to]();
    const options = { plainHttp: [], name: 'airgap' };
    const collision =
      /quay\.io\/a\/app:1 and ghcr\.io\/a\/app:1 are different and both have the place m\.internal\/a\/app:1/;
    assert.ok(
      exporter(lock, options).warnings.some((warning) => collision.test(warning)),
      to,
    );
    assert.ok(!exporter(same, options).warnings.some((warning) => collision.test(warning)), to);
  }
});
