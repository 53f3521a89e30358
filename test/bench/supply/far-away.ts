import { connect, createServer, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';

/** A registry as if it were far away. */
export interface FarAway extends AsyncDisposable {
  readonly host: string;
  /** Requests that came through so far: a client that waits for each answer sends each as one piece. */
  requests(): number;
}

/** Listens on loopback and hands everything on, each piece later by half of the round trip. */
export async function farAway(host: string, roundTrip: number): Promise<FarAway> {
  const [address = '', port = ''] = host.split(':');
  let requests = 0;
  const sockets = new Set<Socket>();
  const server = createServer({ noDelay: true }, (near) => {
    const far = connect({ host: address, port: Number(port), noDelay: true });
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on('error', () => socket.destroy());
      socket.on('close', () => sockets.delete(socket));
    }
    near.on('data', (piece) => {
      requests += 1;
      setTimeout(() => far.write(piece), roundTrip / 2);
    });
    far.on('data', (piece) => setTimeout(() => near.write(piece), roundTrip / 2));
    near.on('end', () => setTimeout(() => far.end(), roundTrip / 2));
    far.on('end', () => setTimeout(() => near.end(), roundTrip / 2));
  });
  const { promise, resolve } = Promise.withResolvers<void>();
  server.listen(0, '127.0.0.1', resolve);
  await promise;
  return {
    host: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests: () => requests,
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy();
      const closed = Promise.withResolvers<void>();
      server.close(() => closed.resolve());
      await closed.promise;
    },
  };
}
