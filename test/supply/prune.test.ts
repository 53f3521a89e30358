import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { globSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, suite, test } from 'node:test';
import { startDistribution, type Registry } from '../cluster/registry/distribution.ts';
import { jsonBlob, makeLayer, mediaTypes, type Layer } from '../../image/oci.ts';
import { makeImage, type Image } from '../cluster/registry/image.ts';
import { freePorts } from '../cluster/ports.ts';
import { releaseSlot, takeSlot, type Slot } from '../cluster/state.ts';
import { tool } from '../cluster/tools/build.ts';
import { debianFile } from '../cluster/tools/debian.ts';
import { run } from '../plugin/commands/run.ts';
import type { PruneReport } from '../../plugin/supply/prune/report.ts';

const environment = { ...process.env, HOME: '/nonexistent' };
const unique = async (): Promise<Layer> => makeLayer([{ name: 'data', content: randomBytes(200_000).toString('hex') }]);

function indexOf(children: readonly Image[]): Image {
  const platforms = ['amd64', 'arm64'];
  const manifests = children.map(({ mediaType, manifest: { digest, bytes } }, i) => ({
    mediaType,
    digest,
    size: bytes.length,
    platform: { os: 'linux', architecture: platforms[i] },
  }));
  const body = { schemaVersion: 2, mediaType: mediaTypes.index, manifests };
  return { mediaType: mediaTypes.index, manifest: jsonBlob(body), blobs: [], children };
}

/** A signature in the way of OCI 1.1, about an image. */
async function referrerOf({ mediaType, manifest }: Image): Promise<Image> {
  const made = await makeImage({ label: 'an attestation', layers: [await unique()] });
  const subject = { mediaType, digest: manifest.digest, size: manifest.bytes.length };
  const body = { ...(JSON.parse(String(made.manifest.bytes)) as object), artifactType: 'text/plain', subject };
  return { ...made, manifest: jsonBlob(body) };
}

const dashed = ({ manifest }: Image): string => manifest.digest.replace(':', '-');

for (const engine of ['debian', 'v3'] as const)
  suite(`distribution, ${engine}`, () => {
    let slot: Slot;
    let registry: Registry;
    let folder: string;
    let crane: string;
    let regctl: string;
    const image: Record<string, Image> = {};
    const request = { name: 'mirror', address: '127.0.0.1', port: 0, engine };
    const inside = (name: string): string => path.join(folder, name);
    const push = async (name: string, made: Image): Promise<void> => {
      image[name] = made;
      await registry.push(name, made);
    };

    before(async () => {
      slot = takeSlot();
      folder = mkdtempSync(path.join(tmpdir(), 'airgap-prune-'));
      [request.port = 0] = await freePorts(1);
      [registry, crane, regctl] = await Promise.all([startDistribution(slot, request), tool('crane'), tool('regctl')]);
      const shared = await makeImage({ platform: 'linux/arm64', layers: [await unique()] });
      const made = async (label: string): Promise<Image> => makeImage({ label, layers: [await unique()] });
      const [one, two] = [indexOf([await made('1'), shared]), indexOf([await made('2'), shared])];
      await push('copies/app:1', one);
      await push('copies/app:2', two);
      await push('copies/app:stable', two);
      await push(`copies/app:${dashed(one)}.sig`, await made('signature of 1'));
      await push(`copies/app:${dashed(two)}.sig`, await made('signature of 2'));
      await push(`copies/app:${dashed(shared)}.att`, await made('attestation of a platform'));
      for (const about of [one, two]) await push(`copies/app:${dashed(about)}`, indexOf([await referrerOf(about)]));
      await push('copies/db:1', await made('db 1'));
      await push('copies/db:2', await made('db 2'));
      await push('copies/web:1', await made('web 1'));
      await push('copies/forgotten:1', await made('forgotten'));
      await push('own/app:1', await made('own'));
      await push('src/app:2', two);
      writeFileSync(inside('list.txt'), `${registry.host}/src/app:2\n`);
      writeFileSync(
        inside('policy.yaml'),
        `apiVersion: airgap.dev/v1alpha1\nkind: AirgapPolicy\nmetadata: {name: default}\nspec:\n  mirrors:\n    - {sourcePrefix: "${registry.host}/src", targetPrefix: "${registry.host}/copies"}\n`,
      );
      const locked = await run([
        'lock',
        '--list',
        inside('list.txt'),
        '--policy',
        inside('policy.yaml'),
        '--lock',
        inside('lock.yaml'),
      ]);
      assert.equal(locked.code, 0, locked.err + locked.out);
      dump('pods', [
        {
          metadata: { namespace: 'shop', name: 'db' },
          spec: { containers: [{ name: 'db', image: 'elsewhere.example/db:2' }] },
          status: {
            phase: 'Running',
            containerStatuses: [{ name: 'db', imageID: `x/db@${image['copies/db:2']?.manifest.digest}` }],
          },
        },
      ]);
      const template = { spec: { containers: [{ name: 'web', image: 'docker.io/copies/web:1' }] } };
      dump('deployments.apps', [{ metadata: { namespace: 'shop', name: 'web' }, spec: { replicas: 0, template } }]);
    });
    after(async () => {
      await registry.stop();
      releaseSlot(slot);
      rmSync(folder, { recursive: true });
    });

    function dump(resource: string, items: readonly unknown[]): void {
      const directory = inside('dump');
      execFileSync('mkdir', ['-p', directory]);
      writeFileSync(
        path.join(directory, `${resource}.json`),
        JSON.stringify({ apiVersion: 'v1', kind: 'List', items }),
      );
    }

    async function prune(...args: readonly string[]): Promise<{ code: number; report: PruneReport }> {
      const { code, out, err } = await run([
        'mirror',
        'prune',
        '--lock',
        inside('lock.yaml'),
        '--from',
        inside('dump'),
        '--policy',
        inside('policy.yaml'),
        '-o',
        'json',
        ...args,
      ]);
      assert.notEqual(out, '', err);
      return { code, report: JSON.parse(out) as PruneReport };
    }

    const stays = ['copies/app:2', 'copies/app:stable', 'copies/db:2', 'copies/web:1', 'own/app:1', 'src/app:2'];
    const goes = ['copies/app:1', 'copies/db:1', 'copies/forgotten:1'];
    const shown = ({ repositories }: PruneReport): string[] =>
      repositories
        .flatMap(({ repository, removals }) =>
          removals.flatMap(({ tags }) => tags.map((tag) => `${repository}:${tag}`.slice(registry.host.length + 1))),
        )
        .toSorted();

    function pulls(name: string): boolean {
      const to = mkdtempSync(path.join(folder, 'pull-'));
      try {
        execFileSync(crane, ['pull', '--insecure', '--format', 'oci', `${registry.host}/${name}`, to], {
          env: environment,
          stdio: 'pipe',
        });
        return true;
      } catch {
        return false;
      }
    }

    function storedBytes(): number {
      const files = globSync(path.join(slot.directory, 'mirror/store/docker/registry/v2/blobs/**/data'));
      return files.reduce((sum, file) => sum + statSync(file).size, 0);
    }

    test('it shows what would go and removes nothing', async () => {
      const stored = storedBytes();
      const { code, report } = await prune();
      assert.equal(code, 0);
      const one = image['copies/app:1'];
      assert.ok(one);
      assert.deepEqual(
        shown(report),
        [...goes, `copies/app:${dashed(one)}`, `copies/app:${dashed(one)}.sig`].toSorted(),
      );
      assert.deepEqual(
        [...stays, ...goes].map(pulls),
        [...stays, ...goes].map(() => true),
      );
      assert.equal(storedBytes(), stored);
    });

    test('with --yes it goes, the collector gives exactly the told space back, and all that is kept still pulls', async () => {
      const stored = storedBytes();
      const { code, report } = await prune('--yes');
      assert.equal(code, 0, JSON.stringify(report, null, 1));
      assert.ok(report.summary.bytes > 1_000_000);
      await registry.stop();
      const program = engine === 'v3' ? await tool('registry') : debianFile('docker-registry');
      execFileSync(program, ['garbage-collect', path.join(slot.directory, 'mirror/config.yml')], { stdio: 'pipe' });
      assert.equal(stored - storedBytes(), report.summary.bytes);
      registry = await startDistribution(slot, request);
      assert.deepEqual(
        stays.map(pulls),
        stays.map(() => true),
      );
      assert.deepEqual(
        goes.map(pulls),
        goes.map(() => false),
      );
      const whole = mkdtempSync(path.join(folder, 'whole-'));
      execFileSync(
        regctl,
        ['image', 'copy', '--digest-tags', '--referrers', `${registry.host}/copies/app:2`, `ocidir://${whole}:2`],
        { env: { ...environment, REGCTL_CONFIG: regctlConfig() }, stdio: 'pipe' },
      );
      const layout = readFileSync(path.join(whole, 'index.json'), 'utf8');
      assert.ok(layout.includes(`.sig`) && layout.includes('.att'), layout);
      assert.deepEqual(shown((await prune()).report), []);
    });

    function regctlConfig(): string {
      writeFileSync(inside('regctl.json'), JSON.stringify({ hosts: { [registry.host]: { tls: 'disabled' } } }));
      return inside('regctl.json');
    }
  });
