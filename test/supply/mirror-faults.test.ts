import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { run } from '../plugin/commands/run.ts';
import { freePorts } from '../cluster/ports.ts';
import { startDistribution, type Registry } from '../cluster/registry/distribution.ts';
import { releaseSlot, takeSlot, type Slot } from '../cluster/state.ts';
import { tool } from '../cluster/tools/build.ts';
import { debianFile } from '../cluster/tools/debian.ts';
import { closedPort, fakeRegistry, tinyImage, type FakeRequest, type Handler } from '../fake/registry.ts';
import type { MirrorReport } from '../../plugin/supply/mirror/run-report.ts';

let slot: Slot;
let mirror: Registry;
let folder: string;
const inside = (name: string): string => path.join(folder, name);
const [good, other] = [tinyImage('linux/amd64'), tinyImage('linux/arm64')];

before(async () => {
  slot = takeSlot();
  folder = mkdtempSync(path.join(tmpdir(), 'airgap-mirror-faults-'));
  mkdirSync(inside('bin'));
  symlinkSync(await tool('regctl'), inside('bin/regctl'));
  process.env['PATH'] = `${inside('bin')}:${process.env['PATH']}`;
  const [port = 0] = await freePorts(1);
  mirror = await startDistribution(slot, { name: 'mirror', address: '127.0.0.1', port });
});
after(async () => {
  await mirror.stop();
  releaseSlot(slot);
  rmSync(folder, { recursive: true });
});

/** What a source of two images serves, by tag and by digest. */
const served: FakeRequest = {
  manifests: {
    'good:1': good.manifest,
    [`good@${good.digest}`]: good.manifest,
    'other:1': other.manifest,
    [`other@${other.digest}`]: other.manifest,
  },
  blobs: { ...good.blobs, ...other.blobs },
};

/** A lock of both images of a source, for a part of the mirror. */
async function locked(host: string, name: string): Promise<string> {
  const rule = `- {sourcePrefix: "${host}", targetPrefix: "${mirror.host}/${name}"}`;
  const policy = `apiVersion: airgap.dev/v1alpha1\nkind: AirgapPolicy\nmetadata: {name: default}\nspec:\n  mirrors:\n    ${rule}\n`;
  writeFileSync(inside(`${name}.policy.yaml`), policy);
  writeFileSync(inside(`${name}.txt`), `${host}/good:1\n${host}/other:1\n`);
  const lock = inside(`${name}.lock.yaml`);
  const files = ['--list', inside(`${name}.txt`), '--policy', inside(`${name}.policy.yaml`), '--lock', lock];
  const { code, out, err } = await run(['lock', ...files]);
  assert.equal(code, 0, out + err);
  return lock;
}

async function mirrored(...args: readonly string[]): Promise<{ code: number; told: string[]; report: MirrorReport }> {
  const { code, out, err } = await run(['mirror', 'run', '-o', 'json', '--retries', '0', ...args]);
  assert.notEqual(out, '', err);
  const report = JSON.parse(out) as MirrorReport;
  const told = report.images.map(({ image, state }) => `${state} ${image.replace(/^.*\//, '')}`);
  return { code, told, report };
}

const detail = (report: MirrorReport, image: string): string =>
  report.images.find((one) => one.image.endsWith(image))?.detail ?? '';

test('a blob with the wrong bytes is never in the mirror or in a folder, and costs no other image', async () => {
  const wrong = { ...served.blobs, [good.layer]: Buffer.from(other.blobs[other.layer] ?? '') };
  await using source = await fakeRegistry({ ...served, blobs: wrong });
  const lock = await locked(source.host, 'wrong');
  const media = inside('wrong media');
  // Side by side, because regctl waits before it tries again.
  const both = await Promise.all([[], ['--to', `dir:${media}`]].map((ends) => mirrored('--lock', lock, ...ends)));
  for (const { code, told, report } of both) {
    assert.deepEqual([code, told], [1, ['failed good:1', 'copied other:1']]);
    assert.match(detail(report, 'good:1'), /digest|mismatch|invalid/i);
    assert.ok(report.images[0]?.missing.includes(good.layer));
  }
  assert.ok(!existsSync(path.join(media, 'airgap.lock.yaml')));
  assert.ok(!existsSync(path.join(media, 'blobs', good.layer.replace(':', '/'))));
  const { manifests } = JSON.parse(readFileSync(path.join(media, 'index.json'), 'utf8')) as { manifests: object[] };
  assert.equal(manifests.length, 1);
  const refused = await run(['mirror', 'run', '--from', `dir:${media}`]);
  assert.equal(refused.code, 2);
  assert.match(refused.err, /has no airgap\.lock\.yaml: .* did not finish/);
});

test('what images share is fetched once into a folder, and a damaged blob is found and fetched again', async () => {
  const layer = Buffer.from('of both '.repeat(500));
  const [one, two] = [tinyImage('linux/amd64', layer), tinyImage('linux/arm64', layer)];
  const manifests = {
    'good:1': one.manifest,
    [`good@${one.digest}`]: one.manifest,
    'other:1': two.manifest,
    [`other@${two.digest}`]: two.manifest,
  };
  await using source = await fakeRegistry({ manifests, blobs: { ...one.blobs, ...two.blobs } });
  const lock = await locked(source.host, 'shared');
  const media = inside('shared media');
  const fill = (): ReturnType<typeof mirrored> => mirrored('--lock', lock, '--to', `dir:${media}`, '--jobs', '1');
  assert.equal((await fill()).code, 0);
  const fetched = (): number =>
    source.requests.filter((line) => line.startsWith('GET') && line.endsWith(one.layer)).length;
  assert.equal(fetched(), 1);
  writeFileSync(path.join(media, 'blobs', one.layer.replace(':', '/')), layer.toString().replace('both', 'none'));
  const mended = await fill();
  // Before an engine is started for an image, one byte is asked for of what is missing.
  assert.deepEqual([mended.code, mended.told, fetched()], [0, ['copied good:1', 'copied other:1'], 1 + 2 + 1]);
});

test('a source that dies half way leaves what came, and the next run goes on from there', async () => {
  let dead = false;
  const dying: Handler = (request) => {
    dead = true;
    request.socket.destroy();
  };
  const refusing: Handler = (request) => request.socket.destroy();
  const answers: [RegExp, Handler][] = [[new RegExp(`^GET .*${other.layer}`), dying]];
  await using source = await fakeRegistry({ ...served, answers });
  const lock = await locked(source.host, 'dying');
  const media = `dir:${inside('dying media')}`;
  const half = await mirrored('--lock', lock, '--to', media, '--jobs', '1');
  assert.deepEqual([dead, half.code, half.told], [true, 1, ['copied good:1', 'failed other:1']]);
  answers.splice(0, 1, [/good|\/v2\/$/, refusing]);
  const rest = await mirrored('--lock', lock, '--to', media);
  assert.equal(rest.code, 1);
  answers.splice(0);
  const whole = await mirrored('--lock', lock, '--to', media);
  assert.deepEqual([whole.code, whole.told.includes('present good:1')], [0, true]);
});

test('a registry out of reach is exit code 3 and its name, on either side', async () => {
  await using source = await fakeRegistry(served);
  const lock = await locked(source.host, 'reach');
  const text = readFileSync(lock, 'utf8');
  const gone = await closedPort();
  writeFileSync(inside('gone.lock.yaml'), text.replaceAll(mirror.host, gone));
  const noMirror = await mirrored('--lock', inside('gone.lock.yaml'));
  assert.deepEqual([noMirror.code, noMirror.told], [3, ['failed good:1', 'failed other:1']]);
  assert.match(detail(noMirror.report, 'good:1'), new RegExp(gone));
  writeFileSync(inside('gone.lock.yaml'), text.replaceAll(source.host, gone));
  const noSource = await mirrored('--lock', inside('gone.lock.yaml'), '--to', `dir:${inside('gone media')}`);
  assert.deepEqual([noSource.code, noSource.report.images[0]?.attempts], [3, 0]);
});

test('an engine is not started where it would be sent on to a host that nobody named', async () => {
  await using elsewhere = await fakeRegistry(served);
  const away: Handler = (request, response) =>
    response.writeHead(307, { location: `http://localhost:${elsewhere.host.split(':')[1]}${request.url}` }).end();
  await using source = await fakeRegistry({ ...served, answers: [[/\/blobs\//, away]] });
  const lock = await locked(source.host, 'away');
  const { code, report } = await mirrored('--lock', lock);
  assert.equal(code, 3);
  for (const { fault, attempts } of report.images) assert.deepEqual([fault, attempts], ['host-not-named', 0]);
  assert.deepEqual(elsewhere.requests, []);
});

test('a tag that moved since the lock, here or there, gets what is locked', async () => {
  const manifests = { ...served.manifests };
  await using source = await fakeRegistry({ ...served, manifests });
  const lock = await locked(source.host, 'moved');
  manifests['good:1'] = other.manifest;
  assert.equal((await mirrored('--lock', lock)).code, 0);
  const digest = async (): Promise<string | null> => {
    const headers = { accept: good.manifest.mediaType };
    const answer = await fetch(`${mirror.url}/v2/moved/good/manifests/1`, { method: 'HEAD', headers });
    return answer.headers.get('docker-content-digest');
  };
  assert.equal(await digest(), good.digest);
  const headers = { 'content-type': other.manifest.mediaType };
  for (const blob of Object.keys(other.blobs))
    await fetch(`${mirror.url}/v2/moved/good/blobs/uploads/?mount=${blob}&from=moved/other`, { method: 'POST' });
  const put = await fetch(`${mirror.url}/v2/moved/good/manifests/1`, {
    method: 'PUT',
    headers,
    body: other.manifest.bytes,
  });
  assert.equal(put.status, 201);
  const again = await mirrored('--lock', lock);
  assert.deepEqual([again.code, again.told], [0, ['copied good:1', 'present other:1']]);
  assert.equal(await digest(), good.digest);
});

test('a full disk is told as that, and nothing half-written counts', async () => {
  const big = tinyImage('linux/amd64', Buffer.alloc(3_000_000, 'x'));
  const manifests = { ...served.manifests, 'big:1': big.manifest, [`big@${big.digest}`]: big.manifest };
  await using source = await fakeRegistry({ manifests, blobs: { ...served.blobs, ...big.blobs } });
  writeFileSync(inside('big.txt'), `${source.host}/big:1\n${source.host}/good:1\n`);
  const made = await run([
    'lock',
    '--list',
    inside('big.txt'),
    '--lock',
    inside('big.lock.yaml'),
    '--policy',
    inside('away.policy.yaml'),
  ]);
  assert.equal(made.code, 0, made.err);
  const media = inside('small disk');
  mkdirSync(media);
  const main = path.resolve(import.meta.dirname, '../../plugin/main.ts');
  const line = `mount -t tmpfs -o size=1m tmpfs '${media}' && '${process.execPath}' '${main}' mirror run -o json --lock '${inside('big.lock.yaml')}' --to 'dir:${media}'; code=$?; ls -A '${media}' >&2; exit $code`;
  const full = await new Promise<{ code: unknown; stdout: string; stderr: string }>((resolve) =>
    execFile(
      path.join(path.dirname(debianFile('util-linux')), 'unshare'),
      ['--mount', 'sh', '-c', line],
      { timeout: 30_000 },
      (error, stdout, stderr) => resolve({ code: error?.code ?? 0, stdout, stderr }),
    ),
  );
  assert.equal(full.code, 1, full.stderr);
  const report = JSON.parse(full.stdout) as MirrorReport;
  assert.match(detail(report, 'big:1'), /cannot be written: .*ENOSPC|no space/i);
  assert.match(full.stderr, /index\.json/);
  assert.doesNotMatch(full.stderr, /^airgap\.lock\.yaml$/m);
});

test('a lock of a newer version, or with a path in a name or a digest, is refused before anything is done', async () => {
  await using source = await fakeRegistry(served);
  const text = readFileSync(await locked(source.host, 'bad'), 'utf8');
  for (const [content, expected] of [
    [text.replace('airgap.dev/v1alpha1', 'airgap.dev/v2'), /is of version airgap\.dev\/v2/],
    [text.replaceAll(`${source.host}/good`, `${source.host}/../../etc`), /is no lock/],
    [text.replaceAll(`${mirror.host}/bad/good`, `${mirror.host}/bad/../good`), /is no lock/],
    [text.replaceAll(good.digest, 'sha256:../../../etc/passwd'), /digest|pattern|property name/],
  ] as const) {
    writeFileSync(inside('refused.lock.yaml'), content);
    for (const command of ['plan', 'run']) {
      const line = ['mirror', command, '--lock', inside('refused.lock.yaml'), '--to', `dir:${inside('refused')}`];
      const { code, out, err } = await run(line);
      assert.deepEqual([code, out], [2, ''], err);
      assert.match(err, expected);
    }
  }
  assert.ok(!existsSync(inside('refused')));
});

test('without an engine there is a script that does the same where one is', async () => {
  await using source = await fakeRegistry(served);
  const lock = await locked(source.host, 'script');
  const known = process.env['PATH'];
  process.env['PATH'] = '/nonexistent';
  const named = [source.host, mirror.host].flatMap((host) => ['--registry', `http://${host}`]);
  const media = inside('script media');
  const scripts = [];
  for (const ends of [[], ['--to', `dir:${media}`]])
    scripts.push(await run(['mirror', 'run', '--lock', lock, ...named, ...ends]));
  process.env['PATH'] = known;
  for (const { code, out, err } of scripts) {
    assert.equal(code, 2);
    assert.match(err, /Neither regctl nor skopeo is on the PATH/);
    await promisify(execFile)('sh', ['-c', out], { timeout: 30_000 });
  }
  assert.equal((await run(['verify', '--no-cluster', '--lock', lock])).code, 0);
  const after = await mirrored('--lock', lock, '--to', `dir:${media}`);
  assert.deepEqual(after.told, ['present good:1', 'present other:1']);
});
