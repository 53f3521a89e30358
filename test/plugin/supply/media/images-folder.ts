import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after } from 'node:test';
import type { Lock, LockedImage } from '../../../../plugin/supply/lock/document.ts';
import { lockText } from '../../../../plugin/supply/lock/write.ts';

const manifestType = 'application/vnd.oci.image.manifest.v1+json';

export function digestOf(bytes: Uint8Array): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}

/** Bytes that look like nothing else and are the same in every run. */
export function noise(size: number, seed: string): Buffer {
  const out = Buffer.alloc(size);
  for (let at = 0, block = Buffer.from(seed); at < size; at += block.length) {
    block = createHash('sha512').update(block).digest();
    block.copy(out, at);
  }
  return out;
}

/** Images by name, each with the contents of its layers. */
export type Contents = Readonly<Record<string, readonly Buffer[]>>;

export function lockOf(contents: Contents): { readonly lock: Lock; readonly blobs: ReadonlyMap<string, Buffer> } {
  const blobs = new Map<string, Buffer>();
  const add = (bytes: Buffer): string => {
    blobs.set(digestOf(bytes), bytes);
    return digestOf(bytes);
  };
  const sizes = new Map<string, number>();
  const images = Object.entries(contents).map(([name, layers]): LockedImage => {
    const config = add(Buffer.from(JSON.stringify({ name, layers: layers.map(digestOf) })));
    const digests = layers.map(add);
    for (const digest of [config, ...digests]) sizes.set(digest, blobs.get(digest)?.length ?? 0);
    const manifest = Buffer.from(JSON.stringify({ config, layers: digests }));
    const about = { digest: add(manifest), mediaType: manifestType, size: manifest.length };
    return {
      image: name,
      ...about,
      mirror: null,
      manifests: [{ platform: 'linux/amd64', ...about, config, layers: digests }],
      artifacts: [],
      neededBy: [],
    };
  });
  const lock: Lock = {
    apiVersion: 'airgap.dev/v1alpha1',
    kind: 'ImageLock',
    platforms: [],
    images: images.toSorted((a, b) => (a.image < b.image ? -1 : 1)),
    blobs: Object.fromEntries([...sizes].toSorted(([a], [b]) => (a < b ? -1 : 1))),
  };
  return { lock, blobs };
}

/** A finished folder with these images, as `mirror run --to dir:PATH` leaves it. */
export function imagesFolder(folder: string, contents: Contents): ReadonlyMap<string, Buffer> {
  const { lock, blobs } = lockOf(contents);
  mkdirSync(path.join(folder, 'blobs/sha256'), { recursive: true });
  for (const [digest, bytes] of blobs)
    writeFileSync(path.join(folder, digest.replace('sha256:', 'blobs/sha256/')), bytes);
  const manifests = lock.images.map(({ image, digest, mediaType, size }) => ({
    mediaType,
    digest,
    size,
    annotations: { 'org.opencontainers.image.ref.name': image },
  }));
  writeFileSync(path.join(folder, 'oci-layout'), '{"imageLayoutVersion":"1.0.0"}\n');
  writeFileSync(path.join(folder, 'index.json'), JSON.stringify({ schemaVersion: 2, manifests }));
  writeFileSync(path.join(folder, 'airgap.lock.yaml'), lockText(lock));
  return blobs;
}

/** A folder for one test file, removed afterwards. */
export function scratch(): (name: string) => string {
  const folder = mkdtempSync(path.join(tmpdir(), 'airgap-media-'));
  after(() => rmSync(folder, { recursive: true }));
  return (name) => path.join(folder, name);
}
