import type { Readable } from 'node:stream';
import type { Outcome } from '../../shared/registry/fault.ts';
import { wordsOf } from './error-faults.ts';
import type { Answer } from './exchange.ts';

/** The most of a manifest, as the distribution specification advises registries to accept. */
export const manifestLimit = 4 * 1024 * 1024;
/** The most of an error, a token or a page of tags that is looked at. */
export const errorLimit = 64 * 1024;

/** The whole body, at most `limit` bytes and at most `milliseconds` long; an endless one costs no more than that. */
export async function readBody(answer: Answer, limit: number, milliseconds: number): Promise<Outcome<Uint8Array>> {
  const { stream, url, role, status } = answer;
  const fault = (code: 'body-too-large' | 'truncated', detail: string): Outcome<never> => {
    stream.destroy();
    return { ok: false, fault: { code, host: url.host, role, detail, status } };
  };
  if (Number(answer.headers['content-length'] ?? 0) > limit)
    return fault('body-too-large', `the body is longer than ${limit} bytes`);
  const chunks: Uint8Array[] = [];
  let size = 0;
  const timer = setTimeout(
    () => stream.destroy(new Error(`the body took longer than ${milliseconds / 1000} s`)),
    milliseconds,
  );
  try {
    for await (const chunk of stream as AsyncIterable<Uint8Array>) {
      size += chunk.length;
      if (size > limit) return fault('body-too-large', `the body is longer than ${limit} bytes`);
      chunks.push(chunk);
    }
  } catch (error) {
    return fault('truncated', `the body broke off after ${size} bytes: ${wordsOf(error)}`);
  } finally {
    clearTimeout(timer);
  }
  return { ok: true, value: Buffer.concat(chunks) };
}

/**
 * Up to `count` first bytes of a body that may be gigabytes; the rest is never asked for. Null where it breaks off before
 * that.
 */
export async function readStart(stream: Readable, count: number): Promise<Uint8Array | null> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const chunk of stream as AsyncIterable<Uint8Array>) {
      chunks.push(chunk);
      size += chunk.length;
      if (size >= count) break;
    }
  } catch {
    return null;
  }
  return Buffer.concat(chunks).subarray(0, count);
}

/** Lets go of a body that nobody reads. A short one is drained, so that its connection can be used again. */
export function dropBody(answer: Answer): void {
  if (Number(answer.headers['content-length'] ?? Infinity) <= errorLimit) answer.stream.resume();
  else answer.stream.destroy();
  answer.stream.on('error', () => undefined);
}
