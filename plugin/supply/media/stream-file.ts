import { createHash } from 'node:crypto';
import { open, type FileHandle } from 'node:fs/promises';

/** Large enough for disks to stream, small enough to be nothing. */
const chunkBytes = 1024 * 1024;

/** What takes the bytes of a file as they are read; it may be slower than the disk. */
export type Sink = (bytes: Uint8Array) => Promise<unknown>;

/**
 * Reads `size` bytes from `offset` on and gives them to `sink`; a chunk is used again after that. The SHA-256 of what was
 * read, or undefined where the file ends before.
 */
export async function readRange(
  handle: FileHandle,
  offset: number,
  size: number,
  sink: Sink = () => Promise.resolve(),
  signal?: AbortSignal,
): Promise<string | undefined> {
  const hash = createHash('sha256');
  const chunk = Buffer.allocUnsafe(Math.max(1, Math.min(chunkBytes, size)));
  for (let at = 0; at < size;) {
    signal?.throwIfAborted();
    const { bytesRead } = await handle.read(chunk, 0, Math.min(chunk.length, size - at), offset + at);
    if (bytesRead === 0) return undefined;
    const bytes = chunk.subarray(0, bytesRead);
    hash.update(bytes);
    await sink(bytes);
    at += bytesRead;
  }
  return hash.digest('hex');
}

/** The SHA-256 of a whole file. */
export async function sumOfFile(file: string, signal?: AbortSignal): Promise<string | undefined> {
  await using handle = await open(file);
  const { size } = await handle.stat();
  return await readRange(handle, 0, size, undefined, signal);
}

/** Writes all of the bytes, or throws. */
export async function writeAll(handle: FileHandle, bytes: Uint8Array, position: number | null = null): Promise<void> {
  for (let at = 0; at < bytes.length;) {
    const to = position === null ? null : position + at;
    at += (await handle.write(bytes, at, bytes.length - at, to)).bytesWritten;
  }
}
