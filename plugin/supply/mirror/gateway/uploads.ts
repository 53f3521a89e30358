import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { isDigest } from '../../../registry/manifest.ts';
import type { Incoming } from '../folder/incoming.ts';
import type { GatewayRequest } from './gateway.ts';

/** Blobs on their way into the folder, by the upload half of the distribution API. */
export interface Uploads {
  /** `POST …/blobs/uploads/`: mounts what the folder has already, and begins an upload otherwise. */
  begin(repository: string, query: URLSearchParams, response: ServerResponse): Promise<void>;
  /** `PATCH` adds to an upload, `PUT` ends it, `GET` asks how far it is and `DELETE` gives it up. */
  go(
    id: string,
    repository: string,
    query: URLSearchParams,
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void>;
  cancel(): Promise<void>;
}

/** Milliseconds without a new byte after which an upload is not waited for any more. */
const standstill = 10_000;

export function openUploads({ folder, moved }: GatewayRequest): Uploads {
  const open = new Map<string, Incoming>();
  /** Uploads that were begun with their digest, by it. */
  const coming = new Map<string, Pick<Incoming, 'id' | 'length'>>();
  const close = (id: string): void => {
    for (const [digest, incoming] of coming) if (incoming.id === id) coming.delete(digest);
    open.delete(id);
  };
  const drop = async (id: string): Promise<void> => {
    const incoming = open.get(id);
    close(id);
    await incoming?.cancel();
  };
  /** What another image is bringing need not be fetched a second time, as long as it comes. */
  const arrival = async (digest: string, response: ServerResponse): Promise<void> => {
    let [length, since] = [-1, performance.now()];
    for (let other = coming.get(digest); other !== undefined; other = coming.get(digest)) {
      if (other.length() !== length) [length, since] = [other.length(), performance.now()];
      if (performance.now() - since > standstill || response.destroyed) return;
      await sleep(50);
    }
  };
  const take = async (incoming: Incoming, request: IncomingMessage): Promise<void> => {
    try {
      for await (const chunk of request as AsyncIterable<Uint8Array>) {
        await incoming.write(chunk);
        moved(chunk.length);
      }
    } catch (error) {
      // Half of a piece cannot be told from the whole of it by the next one, so it begins anew.
      await drop(incoming.id);
      throw error;
    }
  };
  const told = (repository: string, { id, length }: Incoming): Record<string, string> => ({
    location: `/v2/${repository}/blobs/uploads/${id}`,
    'docker-upload-uuid': id,
    range: `0-${Math.max(0, length() - 1)}`,
  });

  return {
    begin: async (repository, query, response) => {
      const mount = query.get('mount') ?? '';
      const known = isDigest(mount);
      if (known) await arrival(mount, response);
      if (response.destroyed) return;
      // Taken before anything is awaited: of all that waited one goes on, and the others wait for it.
      if (known) coming.set(mount, { id: '', length: () => 0 });
      if (known && (await folder.size(mount)) !== null) {
        coming.delete(mount);
        response.writeHead(201, { location: `/v2/${repository}/blobs/${mount}`, 'docker-content-digest': mount }).end();
        return;
      }
      const incoming = await folder.incoming();
      open.set(incoming.id, incoming);
      if (known) coming.set(mount, incoming);
      response.writeHead(202, told(repository, incoming)).end();
    },
    go: async (id, repository, query, request, response) => {
      const incoming = open.get(id);
      if (incoming === undefined) {
        request.resume();
        refuse(response, 404, 'BLOB_UPLOAD_UNKNOWN');
        return;
      }
      switch (request.method) {
        case 'PATCH': {
          const start = /^(\d+)-\d+$/.exec(request.headers['content-range'] ?? '')?.[1];
          if (start !== undefined && Number(start) !== incoming.length()) {
            request.resume();
            response.writeHead(416, told(repository, incoming)).end();
            return;
          }
          await take(incoming, request);
          response.writeHead(202, told(repository, incoming)).end();
          return;
        }
        case 'PUT': {
          const digest = query.get('digest') ?? '';
          await take(incoming, request);
          const good = isDigest(digest) && (await incoming.finish(digest));
          close(id);
          if (!good) {
            await incoming.cancel();
            refuse(response, 400, 'DIGEST_INVALID');
            return;
          }
          response
            .writeHead(201, { location: `/v2/${repository}/blobs/${digest}`, 'docker-content-digest': digest })
            .end();
          return;
        }
        case 'GET':
          response.writeHead(204, told(repository, incoming)).end();
          return;
        default:
          await drop(id);
          response.writeHead(204).end();
      }
    },
    cancel: async () => {
      for (const id of open.keys()) await drop(id);
    },
  };
}

/** An error in the distribution specification's form. */
export function refuse(response: ServerResponse, status: number, code: string): void {
  response
    .writeHead(status, { 'content-type': 'application/json' })
    .end(JSON.stringify({ errors: [{ code, message: code.toLowerCase().replaceAll('_', ' ') }] }));
}
