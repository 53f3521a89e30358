import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { Image } from './image.ts';

/** A registry to write to. */
export interface PushTarget {
  /** Such as `https://198.51.100.3:443`. */
  readonly url: string;
  readonly ca?: string;
  /** The Authorization header for a repository. */
  readonly authorization?: (repository: string) => string;
}

/** Pushes an image with all that it needs, by the distribution specification's API. */
export async function push(target: PushTarget, repository: string, tag: string, image: Image): Promise<void> {
  await pushBlobs(target, repository, image);
  await putManifest(target, repository, tag, image);
}

async function pushBlobs(target: PushTarget, repository: string, image: Image): Promise<void> {
  for (const child of image.children) {
    await pushBlobs(target, repository, child);
    await putManifest(target, repository, child.manifest.digest, child);
  }
  for (const { digest, bytes } of image.blobs) {
    const head = await send(target, repository, 'HEAD', `/v2/${repository}/blobs/${digest}`);
    if (head.statusCode === 200) continue;
    const started = await send(target, repository, 'POST', `/v2/${repository}/blobs/uploads/`);
    const location = new URL(started.headers.location ?? '', target.url);
    location.searchParams.set('digest', digest);
    const type = 'application/octet-stream';
    expect(201, await send(target, repository, 'PUT', `${location.pathname}${location.search}`, bytes, type), digest);
  }
}

async function putManifest(target: PushTarget, repository: string, reference: string, image: Image): Promise<void> {
  const path = `/v2/${repository}/manifests/${reference}`;
  expect(201, await send(target, repository, 'PUT', path, image.manifest.bytes, image.mediaType), path);
}

/** Deletes an image's manifest, with all tags of the repository that stand for it. */
export async function removeManifest(target: PushTarget, repository: string, image: Image): Promise<void> {
  const path = `/v2/${repository}/manifests/${image.manifest.digest}`;
  expect(202, await send(target, repository, 'DELETE', path), path);
}

function send(
  target: PushTarget,
  repository: string,
  method: string,
  path: string,
  body?: Buffer,
  type?: string,
): Promise<IncomingMessage> {
  const authorization = target.authorization?.(repository);
  const headers = {
    ...(authorization === undefined ? {} : { authorization }),
    ...(type === undefined ? {} : { 'content-type': type }),
    'content-length': body?.length ?? 0,
  };
  const url = new URL(path, target.url);
  return new Promise((resolve, reject) => {
    const options = { method, headers, ...(target.ca === undefined ? {} : { ca: target.ca }) };
    const outgoing = url.protocol === 'https:' ? httpsRequest(url, options) : httpRequest(url, options);
    outgoing.on('response', (answer) => resolve(answer.resume()));
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

function expect(status: number, answer: IncomingMessage, what: string): void {
  if (answer.statusCode !== status) throw new Error(`the registry answered ${answer.statusCode} to ${what}`);
}
