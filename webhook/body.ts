import type { IncomingMessage } from 'node:http';

/**
 * An object may have 3 MiB, and an update brings the old one too, escaped as JSON: more than the API server can send is
 * refused before it is read.
 */
export const largestBody = 12 << 20;

/** The bytes of a request, in the pieces in which they came. */
export interface Body {
  readonly pieces: readonly Uint8Array[];
  readonly length: number;
}

type Done = (error: (Error & { statusCode: number }) | null, body?: Body) => void;

/** Reads the body of a request, up to the limit. Fastify's own reader does the same at several times the cost. */
export function collect(incoming: IncomingMessage, done: Done): void {
  const announced = incoming.headers['content-length'];
  if (announced !== undefined && Number(announced) > largestBody) return done(problem(413, 'the body is too large'));
  const pieces: Buffer[] = [];
  let length = 0;
  const stop = (error: Error & { statusCode: number }): void => {
    incoming.removeListener('data', take);
    incoming.removeListener('end', end);
    incoming.removeListener('error', broken);
    // What still comes is thrown away, as fastify does it.
    incoming.resume();
    done(error);
  };
  const take = (piece: Buffer): void => {
    length += piece.length;
    if (length > largestBody) stop(problem(413, 'the body is too large'));
    else pieces.push(piece);
  };
  const end = (): void => done(null, { pieces, length });
  const broken = (): void => stop(problem(400, 'the request broke off'));
  incoming.on('data', take);
  incoming.on('end', end);
  incoming.on('error', broken);
}

function problem(statusCode: number, message: string): Error & { statusCode: number } {
  return Object.assign(new Error(message), { statusCode });
}
