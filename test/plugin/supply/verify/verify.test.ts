import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openRegistries } from '../../../../plugin/registry/client.ts';
import { anonymous } from '../../../../plugin/registry/keychain.ts';
import { parseNamedHost } from '../../../../plugin/registry/named-hosts.ts';
import { once } from '../../../../plugin/registry/retry.ts';
import { openWire } from '../../../../plugin/registry/wire.ts';
import { compare } from '../../../../plugin/supply/verify/compare.ts';
import { lookAtMirrors } from '../../../../plugin/supply/verify/look-at-mirrors.ts';
import type { LockedDigest } from '../../../../plugin/supply/verify/locked.ts';
import { runningImages } from '../../../../plugin/supply/verify/running.ts';
import type { VerifyReport } from '../../../../plugin/supply/verify/report.ts';
import { readPod, type Pod } from '../../../../shared/kube/pod.ts';
import { closedPort, fakeRegistry, json, sha256, tinyImage, type Stored } from '../../../fake/registry.ts';
import { assertFits } from '../../../schema.ts';

const wire = openWire();
test.after(() => wire.close());

const [amd64, arm64] = [tinyImage('linux/amd64'), tinyImage('linux/arm64')];
const [index, signature, other] = ['index', 'signature', 'other'].map((name): Stored => ({
  mediaType: 'application/vnd.oci.image.index.v1+json',
  bytes: Buffer.from(`{"${name}":1}`),
})) as [Stored, Stored, Stored];
const digest = sha256(index.bytes);

/** Every digest that something is kept under, as registries serve them. */
const kept = (...all: readonly Stored[]): Record<string, Stored> =>
  Object.fromEntries(all.map((one) => [`app@${sha256(one.bytes)}`, one]));

const lockedAt = (host: string, over: Partial<LockedDigest> = {}): LockedDigest => ({
  image: 'docker.io/library/app:1',
  mirror: `${host}/app:1`,
  digest,
  manifests: [
    { platform: 'linux/amd64', digest: amd64.digest, config: sha256('c1') },
    { platform: 'linux/arm64', digest: arm64.digest, config: sha256('c2') },
  ],
  artifacts: [{ digest: sha256(signature.bytes), tag: 'sha256-x.sig', subject: digest, artifactType: null }],
  ...over,
});

/** The findings in a line each; every report is held against the schema on the way. */
function shown(report: VerifyReport): string[] {
  assertFits('schemas/verify-report.schema.json', JSON.parse(JSON.stringify(report)));
  return report.findings.map(({ difference, severity, image, part, found, places }) =>
    [severity, difference, image, part, found?.slice(7, 11), places.join('+')].filter(Boolean).join(' '),
  );
}

/** What is told of one locked image, looked for at `host`. */
async function lookedAt(host: string, over: Partial<LockedDigest>): Promise<VerifyReport> {
  const lock = { images: [lockedAt(host, over)] };
  const registries = openRegistries({
    named: [parseNamedHost(`http://${host}`)],
    keychain: anonymous,
    wire,
    persistence: once,
    signal: new AbortController().signal,
  });
  return compare('lock', lock, { mirror: await lookAtMirrors(registries, lock, () => undefined) });
}

async function inMirror(manifests: Record<string, Stored>, image = 'docker.io/library/app:1'): Promise<string[]> {
  await using registry = await fakeRegistry({ manifests });
  const at = image.includes('@') ? `@${digest}` : ':1';
  const report = await lookedAt(registry.host, { image, mirror: `${registry.host}/app${at}` });
  assert.equal(report.summary.same, report.findings.length === 0 ? 1 : 0);
  assert.ok(
    registry.requests.every((line) => !line.startsWith('GET /v2/app')),
    'only HEAD is asked of the image',
  );
  return shown(report);
}

test('the mirror against the lock: whole, missing, moved, without a platform or a signature, silent', async () => {
  const whole = { ...kept(index, amd64.manifest, arm64.manifest, signature), 'app:sha256-x.sig': signature };
  const name = 'docker.io/library/app:1';
  const moved = sha256(other.bytes).slice(7, 11);
  assert.deepEqual(await inMirror({ ...whole, 'app:1': index }), []);
  assert.deepEqual(await inMirror({}), [`error missing ${name}`]);
  assert.deepEqual(await inMirror({ ...whole, 'app:1': other }), [`error moved-tag ${name} ${moved}`]);
  assert.deepEqual(await inMirror({ 'app:1': other }), [`error moved-tag ${name} ${moved}`]);
  assert.deepEqual(await inMirror(whole), [`error moved-tag ${name}`]);
  assert.deepEqual(await inMirror({ ...kept(index, amd64.manifest), 'app:1': index }), [
    `error platform-missing ${name} linux/arm64`,
    `warning artifact-missing ${name} sha256-x.sig`,
  ]);
  // Bytes that no tag leads to are no signature to anybody.
  const { 'app:sha256-x.sig': _tag, ...untagged } = whole;
  const left = `warning artifact-missing ${name} sha256-x.sig`;
  assert.deepEqual(await inMirror({ ...untagged, 'app:1': index }), [left]);
  assert.deepEqual(await inMirror({ ...whole, 'app:1': index, 'app:sha256-x.sig': other }), [left]);
  const pinned = `docker.io/library/app@${digest}`;
  assert.deepEqual(await inMirror(whole, pinned), []);
  assert.deepEqual(await inMirror({}, pinned), [`error missing ${pinned}`]);
  assert.deepEqual(shown(await lookedAt(await closedPort(), {})), [`error not-seen ${name}`]);
});

test('a referrer counts where a list of referrers leads to it, by the API or by the tag that stands for one', async () => {
  const artifact = { digest: sha256(signature.bytes), tag: null, subject: digest, artifactType: 'text/plain' };
  const listing = { mediaType: index.mediaType, manifests: [{ digest: artifact.digest, size: 1, mediaType: 'x' }] };
  const bytes = Buffer.from(JSON.stringify({ schemaVersion: 2, ...listing }));
  const list = { mediaType: index.mediaType, bytes };
  const whole = { ...kept(index, amd64.manifest, arm64.manifest, signature), 'app:1': index };
  const told = async (request: Parameters<typeof fakeRegistry>[0]): Promise<string[]> => {
    await using registry = await fakeRegistry(request);
    const report = await lookedAt(registry.host, { artifacts: [artifact], mirror: `${registry.host}/app:1` });
    return report.findings.map(({ difference, part, detail }) => `${difference} ${part}: ${detail}`);
  };
  const tag = `app:${digest.replace(':', '-')}`;
  assert.deepEqual(await told({ manifests: { ...whole, [tag]: list } }), []);
  assert.deepEqual(await told({ manifests: whole }), [
    `artifact-missing text/plain: the referrers list of ${digest} lacks it`,
  ]);
  const answered = json(200, JSON.parse(bytes.toString()), { 'content-type': index.mediaType });
  assert.deepEqual(await told({ manifests: whole, answers: [[/^GET \/v2\/app\/referrers\//, answered]] }), []);
});

const pod = (name: string, image: string, imageID: string): Pod =>
  readPod({
    metadata: { namespace: 'app', name },
    spec: { containers: [{ name: 'c', image }] },
    status: { phase: 'Running', containerStatuses: [{ name: 'c', imageID }] },
  });

test('the nodes against the lock: by digest, whatever name a runtime has for it', () => {
  const lock = {
    images: [
      lockedAt('reg.example'),
      lockedAt('reg.example', {
        image: 'docker.io/library/idle:1',
        mirror: null,
        digest: sha256('idle'),
        manifests: [],
      }),
    ],
  };
  const stranger = sha256('stranger');
  const of = (...pods: readonly Pod[]): string[] =>
    shown(compare('lock', lock, { running: { source: 'test', images: runningImages(pods) } }));
  const idle = 'info locked-not-running docker.io/library/idle:1';
  assert.deepEqual(
    of(
      pod('by-index', 'app:1', `docker.io/library/app@${digest}`),
      pod('by-mirror', 'reg.example/app:1', `docker.io/other/name@${arm64.digest}`),
      pod('by-config', 'app:1', sha256('c1')),
      pod('not-pulled', 'app:1', ''),
      pod('same-content', 'reg.example/copy:7', `reg.example/copy@${amd64.digest}`),
    ),
    [idle],
  );
  assert.deepEqual(
    of(
      pod('a', 'app:1', `x@${stranger}`),
      pod('b', 'app:1', `x@${stranger}`),
      pod('c', 'new:1', `x@${stranger}`),
      pod('d', 'newer:1', ''),
    ),
    [
      `error running-other docker.io/library/app:1 ${stranger.slice(7, 11)} app/a c+app/b c`,
      `error running-not-locked docker.io/library/new:1 ${stranger.slice(7, 11)} app/c c`,
      'error running-not-locked docker.io/library/newer:1 app/d c',
      idle,
    ],
  );
  assert.deepEqual(of(), ['info locked-not-running docker.io/library/app:1', idle]);
});
