import type { IncomingMessage, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { manifestLimit } from '../../../registry/body.ts';
import { digestOf } from '../../../registry/digest.ts';
import { isDigest, parseManifest } from '../../../registry/manifest.ts';
import type { Folder } from '../folder/folder.ts';
import { readManifest } from '../folder/manifest.ts';
import type { GatewayRequest } from './gateway.ts';
import { refuse, type Uploads } from './uploads.ts';

const route = /^\/v2\/(.+)\/(manifests|blobs)\/(?:(uploads)\/)?([^/]*)$/;

/** The part of the distribution API that copies by digest need. Repositories do not count: content is found by digest. */
export async function answerRequest(
  { folder, writable, moved }: GatewayRequest,
  uploads: Uploads,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://gateway');
  const [, repository = '', kind, upload, name = ''] = route.exec(url.pathname) ?? [];
  const reading = request.method === 'GET' || request.method === 'HEAD';
  if (url.pathname === '/v2/' && reading) response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
  else if (!reading && !writable) {
    request.resume();
    refuse(response, 405, 'UNSUPPORTED');
  } else if (upload !== undefined)
    await (request.method === 'POST'
      ? uploads.begin(repository, url.searchParams, response)
      : uploads.go(name, repository, url.searchParams, request, response));
  else if (kind === 'manifests' && request.method === 'PUT') await putManifest(folder, name, request, response);
  else if (kind === 'manifests' && reading && isDigest(name)) await getManifest(folder, name, request, response);
  else if (kind === 'blobs' && reading && isDigest(name)) await getBlob(folder, name, request, response, moved);
  else {
    request.resume();
    refuse(response, 404, kind === 'blobs' ? 'BLOB_UNKNOWN' : 'MANIFEST_UNKNOWN');
  }
}

async function getManifest(
  folder: Folder,
  digest: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const found = await readManifest(folder, digest);
  if (found === null) {
    refuse(response, 404, 'MANIFEST_UNKNOWN');
    return;
  }
  response.writeHead(200, {
    'content-type': 'mediaType' in found.manifest ? found.manifest.mediaType : 'application/octet-stream',
    'content-length': found.bytes.length,
    'docker-content-digest': digest,
  });
  response.end(request.method === 'HEAD' ? undefined : found.bytes);
}

async function putManifest(
  folder: Folder,
  reference: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Uint8Array>) {
    size += chunk.length;
    if (size > manifestLimit) {
      refuse(response, 413, 'SIZE_INVALID');
      return;
    }
    chunks.push(chunk);
  }
  const bytes = Buffer.concat(chunks);
  const digest = digestOf(bytes, isDigest(reference) ? reference : undefined);
  if (isDigest(reference) && reference !== digest) {
    refuse(response, 400, 'DIGEST_INVALID');
    return;
  }
  const incoming = await folder.incoming();
  await incoming.write(bytes);
  await incoming.finish(digest);
  const manifest = parseManifest(bytes, request.headers['content-type'] ?? '');
  const subject = manifest.kind === 'image' ? manifest.subject?.digest : undefined;
  // With this header a client knows that it need not keep a list of referrers under a tag.
  response.writeHead(201, {
    'docker-content-digest': digest,
    ...(subject === undefined ? {} : { 'oci-subject': subject }),
  });
  response.end();
}

async function getBlob(
  folder: Folder,
  digest: string,
  request: IncomingMessage,
  response: ServerResponse,
  moved: (bytes: number) => void,
): Promise<void> {
  const size = await folder.size(digest);
  if (size === null) {
    refuse(response, 404, 'BLOB_UNKNOWN');
    return;
  }
  const [, from, to] = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '') ?? [];
  const start = Number(from ?? 0);
  const end = to === undefined || to === '' ? size - 1 : Math.min(Number(to), size - 1);
  if (from !== undefined && (start >= size || end < start)) {
    response.writeHead(416, { 'content-range': `bytes */${size}` }).end();
    return;
  }
  response.writeHead(from === undefined ? 200 : 206, {
    'content-type': 'application/octet-stream',
    'content-length': from === undefined ? size : end - start + 1,
    'docker-content-digest': digest,
    'accept-ranges': 'bytes',
    ...(from === undefined ? {} : { 'content-range': `bytes ${start}-${end}/${size}` }),
  });
  if (request.method === 'HEAD' || size === 0) {
    response.end();
    return;
  }
  const stream = folder.read(digest, { start, end });
  stream.on('data', (chunk) => moved(chunk.length));
  await pipeline(stream, response);
}
