import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import type { DoctorReport } from '../../../../plugin/doctor/report.ts';
import type { Lock } from '../../../../plugin/supply/lock/document.ts';
import { recordedApi } from '../../../fake/recorded-api.ts';
import { closedPort, fakeRegistry, sha256, tinyImage } from '../../../fake/registry.ts';
import { run } from '../../commands/run.ts';
import { lockOf } from '../../supply/exports/lock.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'airgap-doctor-lock-'));
after(() => rmSync(folder, { recursive: true }));
const inside = (name: string): string => path.join(folder, name);

const [there, moved, signature] = [tinyImage(), tinyImage('linux/arm64'), tinyImage('linux/s390x')];
const stranger = sha256('stranger');

/** `a:1` is whole, `b:1` moved, `c:1` is gone, `d:1` has lost a platform and its signature. */
function lockAt(host: string): Lock {
  const names = ['a', 'b', 'c', 'd'].map((name) => [`quay.io/x/${name}:1`, `${host}/x/${name}:1`]);
  const lock = lockOf(Object.fromEntries(names) as Record<string, string>);
  const images = lock.images.map((image) => ({
    ...image,
    digest: there.digest,
    manifests: image.manifests.map((manifest) => ({ ...manifest, digest: there.digest })),
  }));
  const lost = images.map((image) => {
    if (!image.image.includes('/d:')) return image;
    const [manifest] = image.manifests;
    const artifact = { subject: there.digest, tag: `${there.digest.replace(':', '-')}.sig`, artifactType: null };
    return {
      ...image,
      manifests: [
        ...image.manifests,
        ...(manifest === undefined ? [] : [{ ...manifest, platform: 'linux/arm64', digest: stranger }]),
      ],
      artifacts: [{ ...artifact, digest: signature.digest, mediaType: 'x', size: 1, blobs: [] }],
    };
  });
  return { ...lock, images: lost };
}

function lockFile(host: string): string {
  writeFileSync(inside('lock.yaml'), JSON.stringify(lockAt(host)));
  return inside('lock.yaml');
}

const pod = (name: string, image: string, digest: string) => ({
  metadata: { namespace: 'shop', name },
  spec: { containers: [{ name: 'c', image }] },
  status: { phase: 'Running', containerStatuses: [{ name: 'c', imageID: `x@${digest}` }] },
});

function recording(): string {
  const items = [
    pod('same', 'quay.io/x/a:1', there.digest),
    pod('other', 'quay.io/x/b:1', stranger),
    pod('new', 'quay.io/x/new:1', sha256('new')),
  ];
  mkdirSync(inside('dump'), { recursive: true });
  writeFileSync(inside('dump/pods.json'), JSON.stringify({ kind: 'List', items }));
  return inside('dump');
}

async function doctor(...args: readonly string[]): Promise<{ code: number; told: string[]; remedies: string }> {
  const checks = ['--check', 'AG-MIR-003', '--check', 'AG-MIR-004'];
  const { code, out, err } = await run(['doctor', ...checks, '-o', 'json', ...args]);
  assert.notEqual(out, '', err);
  const found = (JSON.parse(out) as DoctorReport).categories.flatMap((category) => category.checks);
  const told = found.flatMap(({ id, result, findings }) => [
    `${id} ${result}`,
    ...findings.map(({ cause, severity, image, objects }) => `${cause} ${severity} ${image} ${objects[0]?.name}`),
  ]);
  return { code, told, remedies: JSON.stringify(found) };
}

test('the mirror and what runs are held against a lock that is named', async () => {
  await using registry = await fakeRegistry({
    manifests: {
      'x/a:1': there.manifest,
      'x/b:1': moved.manifest,
      'x/d:1': there.manifest,
      [`x/d@${signature.digest}`]: signature.manifest,
    },
  });
  const api = await recordedApi(recording());
  try {
    const lock = lockFile(registry.host);
    const { code, told, remedies } = await doctor('--lock', lock, '--server', api.url);
    const host = registry.host;
    assert.equal(code, 1);
    assert.deepEqual(told, [
      'AG-MIR-003 error',
      `mirror-drift error quay.io/x/b:1 ${host}`,
      `mirror-miss error quay.io/x/c:1 ${host}`,
      `platform-missing error quay.io/x/d:1 ${host}`,
      `signature-missing warning quay.io/x/d:1 ${host}`,
      'AG-MIR-004 warning',
      'mirror-drift warning quay.io/x/b:1 other',
      'not-locked warning quay.io/x/new:1 new',
    ]);
    assert.match(remedies, /kubectl airgap mirror run --lock /);
    assert.doesNotMatch(remedies, /undefined|LOCKED|RUNNING|SERVED|MIRROR[^-]/);
  } finally {
    api.close();
  }
});

test('a recording is held against the lock without a registry; without a lock both are skipped', async () => {
  const [from, lock] = [recording(), lockFile('127.0.0.1:1')];
  const { code, told } = await doctor('--from', from, '--lock', lock);
  assert.equal(code, 0);
  assert.deepEqual(told, [
    'AG-MIR-003 skipped',
    'AG-MIR-004 warning',
    'mirror-drift warning quay.io/x/b:1 other',
    'not-locked warning quay.io/x/new:1 new',
  ]);
  assert.deepEqual((await doctor('--from', from)).told, ['AG-MIR-003 skipped', 'AG-MIR-004 skipped']);
  assert.equal((await run(['doctor', '--from', from, '--lock', inside('none.yaml')])).code, 2);
});

test('a mirror that does not answer is unknown, and never fine', async () => {
  const api = await recordedApi(recording());
  try {
    const { told } = await doctor('--lock', lockFile(await closedPort()), '--server', api.url);
    assert.equal(told[0], 'AG-MIR-003 unknown');
  } finally {
    api.close();
  }
});
