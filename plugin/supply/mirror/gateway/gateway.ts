import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { Secret, type Login } from '../../../../shared/registry/secret.ts';
import type { Folder } from '../folder/folder.ts';
import { answerRequest } from './answer.ts';
import { openUploads } from './uploads.ts';

/**
 * A folder as a registry on loopback, for one run: engines read and write it by the API that they know best, side by side
 * and each blob once, where their own ways to write a layout rewrite its index over each other. Whoever wants to use it
 * needs a password that exists only in this process and in the files for the engines.
 */
export interface Gateway extends AsyncDisposable {
  /** `127.0.0.1:PORT`. */
  readonly host: string;
  readonly login: Login;
}

export interface GatewayRequest {
  readonly folder: Folder;
  /** Whether engines may write. */
  readonly writable: boolean;
  /** Bytes of blobs that went through. */
  readonly moved: (bytes: number) => void;
  /** The folder cannot be written any more, such as on a full disk. */
  readonly broken: (error: unknown) => void;
}

export async function openGateway(request: GatewayRequest): Promise<Gateway> {
  const [user, password] = ['kubectl-airgap', randomBytes(24).toString('hex')];
  const expected = `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
  const uploads = openUploads(request);
  const server = http.createServer((incoming, response) => {
    if (incoming.headers.authorization !== expected) {
      incoming.resume();
      response.writeHead(401, { 'www-authenticate': 'Basic realm="kubectl airgap"' }).end();
      return;
    }
    answerRequest(request, uploads, incoming, response).catch((error: unknown) => {
      if (isDiskFault(error)) request.broken(error);
      if (response.headersSent) response.destroy();
      else response.writeHead(500).end();
    });
  });
  // A blob may take as long as the slower side needs.
  server.requestTimeout = 0;
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    host: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    login: { kind: 'basic', username: new Secret(user), password: new Secret(password) },
    [Symbol.asyncDispose]: async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
      await uploads.cancel();
    },
  };
}

function isDiskFault(error: unknown): boolean {
  const { code, syscall } = error as NodeJS.ErrnoException;
  return (
    syscall !== undefined &&
    code !== undefined &&
    ['ENOSPC', 'EDQUOT', 'EROFS', 'EIO', 'EFBIG', 'EACCES', 'ENODEV', 'ENXIO'].includes(code)
  );
}
