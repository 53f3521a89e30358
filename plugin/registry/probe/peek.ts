import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';

/** A socket that remembers the first bytes it received, for when they turn out not to be TLS. */
export interface PeekedSocket {
  readonly stream: Duplex;
  readonly start: () => string;
}

const kept = 64;

export function peek(socket: Socket): PeekedSocket {
  let start = Buffer.alloc(0);
  const stream = new Duplex({
    read: () => void socket.resume(),
    write: (chunk: Buffer, _encoding, done) => void socket.write(chunk, (error) => done(error ?? null)),
    final: (done) => void socket.end(() => done()),
    destroy: (error, done) => {
      socket.destroy();
      done(error);
    },
  });
  socket.on('data', (chunk: Buffer) => {
    if (start.length < kept) start = Buffer.concat([start, chunk.subarray(0, kept - start.length)]);
    if (!stream.push(chunk)) socket.pause();
  });
  socket.on('end', () => void stream.push(null));
  socket.on('error', (error) => stream.destroy(error));
  return { stream, start: () => start.toString('latin1') };
}
