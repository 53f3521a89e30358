import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { AirgapError, messageOf } from '../../../shared/errors.ts';
import type { DumpFile, DumpFiles, Sink } from './files.ts';
import { recognised } from './layout.ts';
import { BadArchive, readTar, type TarEntry } from './tar.ts';

/** What a dump of a very large cluster stays far below, and what no archive may cost more than. */
const limits = {
  totalBytes: 16 * 2 ** 30,
  fileBytes: 4 * 2 ** 30,
  files: 200_000,
  /** Lists of near-identical objects shrink to a fiftieth; only an archive made for it shrinks to a thousandth. */
  ratio: 300,
  /** Below this nothing is a bomb, however well it was packed. */
  harmlessBytes: 64 * 2 ** 20,
};

/**
 * A dump in a `.tar` or `.tar.gz`. It is read through once when it is opened, so that a damaged or hostile archive is
 * refused before anything in it is believed; nothing is ever written to disk.
 */
export async function openArchive(file: string): Promise<DumpFiles> {
  const files = new Map<string, DumpFile>();
  let entries = 0;
  await pass(file, (entry) => {
    entries += 1;
    if (entries > limits.files) throw new BadArchive(`holds more than ${limits.files} files`);
    const path = safePath(entry.path);
    if (entry.bytes > limits.fileBytes) throw new BadArchive(`holds a file larger than 4 GiB: ${shown(path)}`);
    if (entry.type === 'directory' || !recognised(path)) return undefined;
    if (entry.type !== 'file') throw new BadArchive(`holds a link or a device in place of a file: ${shown(path)}`);
    if (files.has(path)) throw new BadArchive(`holds ${shown(path)} twice`);
    files.set(path, { path, bytes: entry.bytes, modified: entry.modified });
    return undefined;
  });
  return {
    files: [...files.values()],
    read: (sinkFor) => pass(file, (entry) => (entry.type === 'file' ? sinkFor(safePath(entry.path)) : undefined)),
  };
}

async function pass(file: string, visit: (entry: TarEntry) => Sink | undefined): Promise<void> {
  let unpacked = 0;
  const source = createReadStream(file, { highWaterMark: 1 << 18 });
  try {
    const first = await firstBytes(file);
    const gzip = first[0] === 0x1f && first[1] === 0x8b;
    const stream = gzip ? pipeline(source, createGunzip({ chunkSize: 1 << 18 }), () => {}) : source;
    const tar = readTar(visit);
    for await (const chunk of stream) {
      unpacked += (chunk as Uint8Array).length;
      if (
        unpacked > limits.totalBytes ||
        (unpacked > limits.harmlessBytes && unpacked > source.bytesRead * limits.ratio)
      )
        throw new BadArchive('unpacks to far more than a recording can hold');
      tar.push(chunk as Uint8Array);
    }
    tar.end();
  } catch (error) {
    throw broken(file, error);
  } finally {
    source.destroy();
  }
}

async function firstBytes(file: string): Promise<Buffer> {
  for await (const chunk of createReadStream(file, { end: 1 })) return chunk as Buffer;
  return Buffer.alloc(0);
}

function broken(file: string, error: unknown): unknown {
  const again = 'Record it again with: kubectl airgap dump -o FILE.tar.gz';
  if (error instanceof BadArchive)
    return new AirgapError('broken', `The recording ${file} ${error.message}.`, again, error);
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (code === 'Z_BUF_ERROR') return new AirgapError('broken', `The recording ${file} ends too early.`, again, error);
  if (code.startsWith('Z_'))
    return new AirgapError('broken', `The recording ${file} is damaged: ${messageOf(error)}.`, again, error);
  if (code.startsWith('E') && !code.startsWith('ERR_'))
    return new AirgapError(
      'input',
      `The recording ${file} cannot be read: ${messageOf(error)}.`,
      'Check its path and permissions.',
      error,
    );
  return error;
}

/** The entry's path without a leading `./`; refuses what would leave the folder it is unpacked into. */
function safePath(path: string): string {
  const parts = path.split('/').filter((part) => part !== '' && part !== '.');
  if (path.startsWith('/') || parts.includes('..') || path.includes('\\') || path.includes('\0'))
    throw new BadArchive(`holds a file that points outside of it: ${shown(path)}`);
  return parts.join('/');
}

/** A name from a stranger's archive, safe to print. */
function shown(path: string): string {
  return JSON.stringify(path.slice(0, 200));
}
