import type { IncomingMessage } from 'node:http';

/**
 * An object may have 3 MiB, and an update brings the old one too, escaped as JSON: more than the API server can send is
 * refused before it is read.
 */
export const largestBody = 12 << 20;

type Done = (error: (Error & { statusCode: number }) | null, body?: Buffer) => void;

/** Reads the body of a request, up to the limit. Fastify's own reader does the same at several times the cost. */
export function collect(incoming: IncomingMessage, done: Done): void {
  const announced = incoming.headers['content-length'];
  if (announced !== undefined && Number(announced) > largestBody) return done(problem(413, 'the body is too large'));
  const chunks: Buffer[] = [];
  let length = 0;
  const stop = (error: Error & { statusCode: number }): void => {
    incoming.removeListener('data', take);
    incoming.removeListener('end', end);
    incoming.removeListener('error', broken);
    // What still comes is thrown away, as fastify does it.
    incoming.resume();
    done(error);
  };
  const take = (chunk: Buffer): void => {
    length += chunk.length;
    if (length > largestBody) stop(problem(413, 'the body is too large'));
    else chunks.push(chunk);
  };
  const end = (): void => done(null, chunks.length === 1 ? chunks[0] : Buffer.concat(chunks, length));
  const broken = (): void => stop(problem(400, 'the request broke off'));
  incoming.on('data', take);
  incoming.on('end', end);
  incoming.on('error', broken);
}

function problem(statusCode: number, message: string): Error & { statusCode: number } {
  return Object.assign(new Error(message), { statusCode });
}
