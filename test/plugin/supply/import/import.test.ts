import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import fc from 'fast-check';
import { stringify } from 'yaml';
import { AirgapError } from '../../../../shared/errors.ts';
import { exporters } from '../../../../plugin/supply/exports/index.ts';
import { startInventory } from '../../../../plugin/supply/inventory.ts';
import { importText } from '../../../../plugin/supply/import/import-files.ts';
import { readers, type ImportFormat } from '../../../../plugin/supply/import/index.ts';
import { run } from '../../commands/run.ts';
import { anyText } from '../../../any-text.ts';
import { digest, lockOf } from '../exports/lock.ts';
import { inventoryIn } from '../inventory-schema.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'airgap-import-'));
after(() => rmSync(folder, { recursive: true }));

function imported(text: string, format: ImportFormat | null = null) {
  const inventory = startInventory();
  const open = importText(inventory, text, 'f.yaml', format);
  const { images, files } = inventory.finish();
  return {
    images: images.map(({ image }) => image),
    places: images.flatMap(({ places }) => places.map(({ file, field }) => `${file} ${field}`)),
    files: files.map(({ source, kind }) => `${kind} ${source}`),
    open: open.map(({ resource, reason }) => `${resource}: ${reason}`),
  };
}

test('what is exported reads back as what was locked', async () => {
  const lock = lockOf({
    'docker.io/library/nginx:1.27': 'reg.example/hub/library/nginx:1.27',
    'quay.io/a/b:v1': 'reg.example/quay/a/b:v1',
    [`quay.io/a/c@${digest('a')}`]: `reg.example/quay/a/c@${digest('a')}`,
  });
  const nameOf = (image: string): string => image.replace(/[:@](?!.*\/).*$/, '');
  for (const [format, file] of [
    ['regsync', 'regsync.yml'],
    ['skopeo', 'skopeo-sync.yml'],
    ['hauler', 'hauler-manifest.yaml'],
    ['zarf', 'zarf.yaml'],
  ] as const) {
    const exporter = await exporters[format]();
    const text = exporter(lock, { plainHttp: [], name: 'airgap' }).files.find((one) => one.path === file)?.text ?? '';
    const { images, open } = imported(text);
    assert.deepEqual(
      images.map(nameOf),
      lock.images.map(({ image }) => nameOf(image)),
      format,
    );
    assert.deepEqual(open, []);
    // skopeo's list has either a tag or a digest; all others bring the digest along.
    if (format !== 'skopeo')
      assert.ok(
        images.every((image) => image.endsWith(`@${digest('a')}`)),
        format,
      );
    else
      assert.deepEqual(
        images,
        lock.images.map(({ image }) => image),
      );
  }
});

test('regsync: images, lists of tags, sets, merge keys; what only the registry knows is told by its line', () => {
  const { images, places, open } = imported(`version: 1
x-hub: &hub
  target: registry:5000/hub/{{ .Sync.Source }}
  type: repository
creds:
  - {registry: docker.io, user: me, pass: "{{file \\"/run/token\\"}}"}
defaults: {ratelimit: {min: 100, retry: 15m}, parallel: 2}
sync:
  - source: busybox:latest
    target: registry:5000/library/busybox:latest
    type: image
  - <<: *hub
    source: alpine
    tags:
      allow:
        - latest
        - 3.10
        - 3
        - "3\\\\.\\\\d+"
        - edge
      deny: ["edge.*"]
  - source: debian
    type: repository
    tags: {allow: ["\\\\d+"]}
  - source: ghcr.io/regclient/regctl
    type: repository
    tagSets:
      - {semverRange: [">=0.5 <1"]}
      - {allow: [edge, 'v0\\.8\\.0']}
  - source: quay.io
    type: registry
    repos: {allow: [acme/app, "acme/.*"]}
    tags: {allow: ["1.0"]}
  - {source: "{{env \\"SRC\\"}}/x:1", type: image}
  - {source: ocidir:///var/images:1, type: image}
  - {source: gcr.io/a/b, type: repository}
  - {source: gcr.io/a/b:1, type: images}
`);
  assert.deepEqual(images, [
    'docker.io/library/alpine:3',
    'docker.io/library/alpine:3.10',
    'docker.io/library/alpine:latest',
    'docker.io/library/busybox:latest',
    'ghcr.io/regclient/regctl:edge',
    'ghcr.io/regclient/regctl:v0.8.0',
    'quay.io/acme/app:1.0',
  ]);
  assert.ok(places.includes('f.yaml:9 sync[0].source'));
  assert.deepEqual(
    open.map((line) => line.replace('f.yaml:', '')),
    [
      '14 sync[1].tags: alpine: which tags fit 3\\.\\d+ is known to the registry alone',
      '24 sync[2].tags: debian: which tags fit \\d+ is known to the registry alone',
      '28 sync[3].tagSets[0]: ghcr.io/regclient/regctl: the tags in the range >=0.5 <1 are known to the registry alone',
      '32 sync[4].repos: quay.io: which repositories fit acme/.* is known to the registry alone',
      '34 sync[5].source: regsync fills in {{env "SRC"}}/x:1 when it runs',
      '35 sync[6].source: ocidir:///var/images:1 is a folder, and no registry',
      '36 sync[7].tags: gcr.io/a/b: all tags are known to the registry alone',
      '37 sync[8]: its type is images: image, repository and registry are known',
    ],
  );
});

test('skopeo sync: tags, digests, and what its list leaves to the registry', () => {
  const { images, open } = imported(`registry.example.com:5000:
  images:
    busybox: []
    redis: ["1.0", 2.0, "${digest('a')}"]
  images-by-tag-regex:
    nginx: ^1\\.13\\.[12]-alpine-perl$
  images-by-semver: {alpine: ">= 3.12.0"}
  credentials: {username: john, password: this is a secret}
  tls-verify: true
docker.io:
  tls-verify: false
  images: {nginx: ["1.27"]}
`);
  assert.deepEqual(images, [
    'docker.io/library/nginx:1.27',
    'registry.example.com:5000/redis:1.0',
    'registry.example.com:5000/redis:2.0',
    `registry.example.com:5000/redis@${digest('a')}`,
  ]);
  assert.deepEqual(open, [
    'f.yaml:3 registry.example.com:5000.images.busybox: registry.example.com:5000/busybox: all tags are known to the registry alone',
    'f.yaml:6 registry.example.com:5000.images-by-tag-regex.nginx: registry.example.com:5000/nginx: the tags that fit ^1\\.13\\.[12]-alpine-perl$ are known to the registry alone',
    'f.yaml:7 registry.example.com:5000.images-by-semver.alpine: registry.example.com:5000/alpine: the tags in the range >= 3.12.0 are known to the registry alone',
  ]);
});

test('hauler: images, charts and files of several documents', () => {
  const { images, files, open } = imported(`apiVersion: content.hauler.cattle.io/v1
kind: Images
metadata: {name: i, annotations: {hauler.dev/platform: linux/amd64, hauler.dev/registry: docker.io}}
spec:
  images:
    - name: busybox:1.37
    - name: gcr.io/distroless/base@${digest('a')}
      platform: linux/arm64
      rewrite: custom-path/base:v1
---
apiVersion: content.hauler.cattle.io/v1
kind: Charts
metadata: {name: c}
spec:
  charts:
    - {name: rancher, repoURL: "https://releases.rancher.com/server-charts/stable/", version: 2.8.5, add-images: true}
    - {name: hauler-helm, repoURL: "oci://ghcr.io/hauler-dev", version: 1.2.0}
    - {name: ./charts/web-1.0.0.tgz}
    - {name: newest, repoURL: "https://charts.example.com"}
---
apiVersion: content.hauler.cattle.io/v1
kind: Files
metadata: {name: f}
spec:
  files:
    - {path: "https://get.rke2.io/install.sh", name: install.sh}
    - {path: ./testfile.txt}
---
apiVersion: collection.hauler.cattle.io/v1
kind: K3s
metadata: {name: k}
spec: {version: v1.33.1+k3s1}
`);
  assert.deepEqual(images, [
    'docker.io/library/busybox:1.37',
    `gcr.io/distroless/base@${digest('a')}`,
    'ghcr.io/hauler-dev/hauler-helm:1.2.0',
  ]);
  assert.deepEqual(files, [
    'chart charts/web-1.0.0.tgz',
    'file https://get.rke2.io/install.sh',
    'chart https://releases.rancher.com/server-charts/stable/rancher-2.8.5.tgz',
    'file testfile.txt',
  ]);
  assert.deepEqual(open, [
    'f.yaml:16 spec.charts[0]: the images of the chart rancher are found when it is rendered: pass it with images -f',
    'f.yaml:19 spec.charts[3]: which version of the chart newest is the newest is known to https://charts.example.com alone',
    'f.yaml:30 kind: what K3s stands for is found by hauler alone',
  ]);
});

test('zarf: images of both versions of its format, archives, charts, files, imports, templates', () => {
  const { images, files, open } = imported(`kind: ZarfPackageConfig
metadata: {name: acme, version: 1.2.3}
components:
  - name: app
    required: true
    import: {path: ../common}
    images:
      - quay.io/acme/app:1.2.3@${digest('a')}
      - "ghcr.io/x/y:###ZARF_PKG_TMPL_VERSION###"
      - {name: nginx:1.27, source: registry}
    imageArchives: [{path: images.tar, images: [docker.io/library/redis:7]}]
    charts:
      - {name: podinfo, version: 6.4.0, namespace: p, url: "https://stefanprodan.github.io/podinfo"}
      - {name: oci, version: 1.0.0, url: "oci://ghcr.io/charts/oci"}
      - {name: git, version: 1.0.0, url: "https://github.com/a/b.git", gitPath: chart}
      - {name: here, version: 1.0.0, localPath: chart}
      - {name: next, oci: {url: "oci://ghcr.io/charts/next", version: 2.0.0}}
    files: [{source: bin/tool, target: /usr/bin/tool}]
    repos: ["https://github.com/a/b.git@v1"]
`);
  assert.deepEqual(images, [
    'docker.io/library/nginx:1.27',
    'docker.io/library/redis:7',
    'ghcr.io/charts/next:2.0.0',
    'ghcr.io/charts/oci:1.0.0',
    `quay.io/acme/app:1.2.3@${digest('a')}`,
  ]);
  assert.deepEqual(files, [
    'file bin/tool',
    'chart chart',
    'chart https://stefanprodan.github.io/podinfo/podinfo-6.4.0.tgz',
  ]);
  assert.deepEqual(
    open.map((line) => line.slice('f.yaml:'.length)),
    [
      '6 components[0].import: it is imported from ../common: import that zarf.yaml too',
      '9 components[0].images[1]: zarf fills in ghcr.io/x/y:###ZARF_PKG_TMPL_VERSION### when it makes the package',
      '15 components[0].charts[2]: the chart git is in a git repository',
      '19 components[0].repos[0]: https://github.com/a/b.git@v1 is a git repository, which neither a lock nor a mirror holds',
    ],
  );
});

test('any document of any shape is read or refused with its line, and nothing is named that it does not hold', () => {
  const words = [
    'sync',
    'source',
    'type',
    'image',
    'repository',
    'registry',
    'tags',
    'allow',
    'deny',
    'tagSets',
    'repos',
  ];
  const more = [
    'images',
    'images-by-semver',
    'spec',
    'charts',
    'files',
    'components',
    'name',
    'kind',
    'import',
    'path',
  ];
  const leaf = fc.constantFrom(
    'a.io/b:1',
    '1',
    '.*',
    '(',
    'image',
    'repository',
    'registry',
    'Images',
    'Charts',
    '{{x}}',
    null,
    3.1,
  );
  const { value } = fc.letrec((tie) => ({
    value: fc.oneof(
      { depthSize: 'small' },
      leaf,
      fc.array(tie('value'), { maxLength: 3 }),
      fc.dictionary(fc.constantFrom(...words, ...more), tie('value'), { maxKeys: 5 }),
    ),
  }));
  const formats = Object.keys(readers) as ImportFormat[];
  fc.assert(
    fc.property(
      fc.dictionary(fc.constantFrom(...words, ...more), value, { minKeys: 1 }),
      fc.constantFrom(...formats),
      (document, format) => {
        const text = stringify(document);
        const { images, open } = imported(text, format);
        const lines = text.split('\n').length;
        for (const line of open) assert.ok(Number(/^f\.yaml:(\d+) /.exec(line)?.[1]) <= lines);
        assert.ok(images.length === 0 || text.includes('a.io/b:1') || text.includes('1'));
      },
    ),
    { numRuns: 40 },
  );
  fc.assert(
    fc.property(anyText({ maxLength: 60 }), fc.constantFrom(null, ...formats), (text, format) => {
      try {
        imported(text, format);
      } catch (error) {
        assert.ok(error instanceof AirgapError, String(error));
      }
    }),
    { numRuns: 60 },
  );
});

test('the command prints the inventory that images and lock read, and exit code 1 tells that something is open', async () => {
  const file = path.join(folder, 'regsync.yml');
  const site = path.join(folder, 'inventory.yaml');
  writeFileSync(file, 'sync:\n  - {source: nginx:1.27, type: image}\n');
  const first = await run(['import', file]);
  assert.deepEqual([first.code, first.err], [0, '']);
  writeFileSync(
    site,
    `${first.out}---\napiVersion: airgap.dev/v1alpha1\nkind: ImageInventory\nimages: [redis:7]\nfiles: [charts/web-1.0.0.tgz]\n`,
  );
  const { out, err } = await run(['images', '-f', site, '-o', 'json']);
  assert.equal(err, '');
  const report = inventoryIn(out);
  assert.deepEqual(
    report.images.map(({ image, places: [place] }) => [image, place?.file, place?.field]),
    [
      ['docker.io/library/nginx:1.27', `${file}:2`, 'sync[0].source'],
      ['docker.io/library/redis:7', `${site}:19`, ''],
    ],
  );
  assert.deepEqual(
    report.files.map(({ source, kind }) => [source, kind]),
    [[path.join(folder, 'charts/web-1.0.0.tgz'), 'chart']],
  );

  writeFileSync(file, 'sync:\n  - {source: nginx, type: repository}\n');
  const second = await run(['import', file, '-o', 'json']);
  assert.equal(second.code, 1);
  assert.match(second.err, /regsync\.yml:2 sync\[0\]\.tags: nginx: all tags are known to the registry alone/);
  assert.equal(inventoryIn(second.out).unsearched.length, 1);
});

test('what cannot be read is exit code 2, with its line', async () => {
  const file = path.join(folder, 'bad.yml');
  for (const [text, expected] of [
    ['sync:\n  - source: {{env "X"}}/a\n', /bad\.yml, line 2, is not readable as YAML/],
    ['kind: Pod\n', /bad\.yml, line 1, is no file of regsync, hauler, zarf, skopeo/],
    ['', /holds no document/],
  ] as const) {
    writeFileSync(file, text);
    const { code, err } = await run(['import', file]);
    assert.equal(code, 2, text);
    assert.match(err, expected);
  }
  writeFileSync(file, 'apiVersion: airgap.dev/v1\nkind: ImageInventory\n');
  assert.match((await run(['images', '-f', file])).err, /bad\.yml:1: it is of a version that is not known here/);
  writeFileSync(file, 'apiVersion: airgap.dev/v1alpha1\nkind: ImageInventory\nimages:\n  - {tag: 1}\n');
  assert.match((await run(['images', '-f', file])).err, /bad\.yml:4: an entry of images/);
});
