/** What an archive says of one entry. */
export interface TarEntry {
  readonly path: string;
  readonly type: 'file' | 'directory' | 'link' | 'special';
  readonly bytes: number;
  readonly modified: Date;
}

/** The archive is not one, is damaged, or is made to do harm; the message is a sentence without a subject. */
export class BadArchive extends Error {
  override readonly name = 'BadArchive';
}

const block = 512;
/** A name that needs more is no name; without a limit an archive could make its reader hold gigabytes of it. */
const longestExtension = 64 << 10;

/**
 * Reads a tar archive (ustar, pax, GNU) while its bytes arrive and holds no more than one header of it. Only what a
 * dump can contain is understood: plain files below 8 GiB each. Everything else is reported as what it is and skipped.
 */
export function readTar(visit: (entry: TarEntry) => { write(chunk: Uint8Array): void; end(): unknown } | undefined): {
  push(chunk: Uint8Array): void;
  end(): void;
} {
  const header = Buffer.alloc(block);
  let filled = 0;
  let left = 0;
  let padding = 0;
  let sink: ReturnType<typeof visit>;
  let extension: { readonly kind: 'pax' | 'name' | 'ignore'; readonly chunks: Uint8Array[] } | undefined;
  let override: { path?: string; bytes?: number } = {};
  let emptyBlocks = 0;
  let any = false;

  const finish = (): void => {
    if (extension !== undefined) {
      const content = Buffer.concat(extension.chunks);
      if (extension.kind === 'pax') override = { ...override, ...readPax(content) };
      if (extension.kind === 'name') override.path = cString(content, 0, content.length);
      extension = undefined;
    } else sink?.end();
    sink = undefined;
  };

  const begin = (): void => {
    if (header.every((byte) => byte === 0)) {
      emptyBlocks += 1;
      return;
    }
    if (checksum(header) !== Number.parseInt(cString(header, 148, 8).trim(), 8))
      throw new BadArchive(any ? 'is damaged' : 'is not a tar archive');
    any = true;
    emptyBlocks = 0;
    const flag = String.fromCharCode(header[156] ?? 0);
    const size = octal(header, 124, 12);
    padding = (block - (size % block)) % block;
    left = size;
    if (flag === 'x' || flag === 'L' || flag === 'g' || flag === 'K') {
      if (size > longestExtension) throw new BadArchive('has a name longer than any file system allows');
      extension = { kind: flag === 'x' ? 'pax' : flag === 'L' ? 'name' : 'ignore', chunks: [] };
    } else {
      const prefix = header.toString('latin1', 257, 262) === 'ustar' ? cString(header, 345, 155) : '';
      const name = cString(header, 0, 100);
      const type = typeOf(flag, name);
      const bytes = override.bytes ?? size;
      padding = (block - (bytes % block)) % block;
      left = bytes;
      const modified = new Date(octal(header, 136, 12) * 1000);
      sink = visit({ path: override.path ?? (prefix === '' ? name : `${prefix}/${name}`), type, bytes, modified });
      override = {};
    }
    if (left === 0) finish();
  };

  return {
    push(bytes) {
      let chunk = bytes;
      while (chunk.length > 0) {
        if (left > 0) {
          const part = chunk.subarray(0, left);
          if (extension === undefined) sink?.write(part);
          else extension.chunks.push(Uint8Array.from(part));
          left -= part.length;
          chunk = chunk.subarray(part.length);
          if (left === 0) finish();
        } else if (padding > 0) {
          const part = Math.min(padding, chunk.length);
          padding -= part;
          chunk = chunk.subarray(part);
        } else {
          const part = chunk.subarray(0, block - filled);
          header.set(part, filled);
          filled += part.length;
          chunk = chunk.subarray(part.length);
          if (filled === block) {
            filled = 0;
            // After the two empty blocks that end an archive there may be anything.
            if (emptyBlocks < 2) begin();
          }
        }
      }
    },
    end() {
      if (left > 0 || padding > 0 || (filled > 0 && emptyBlocks < 2)) throw new BadArchive('ends too early');
      if (!any) throw new BadArchive('is empty');
    },
  };
}

function typeOf(flag: string, name: string): TarEntry['type'] {
  if (flag === '5' || (flag !== '1' && flag !== '2' && name.endsWith('/'))) return 'directory';
  if (flag === '0' || flag === '\0' || flag === '7') return 'file';
  return flag === '1' || flag === '2' ? 'link' : 'special';
}

function checksum(header: Buffer): number {
  let sum = 8 * 0x20;
  for (let i = 0; i < block; i += 1) if (i < 148 || i >= 156) sum += header[i] ?? 0;
  return sum;
}

function octal(header: Buffer, start: number, length: number): number {
  const digits = cString(header, start, length).trim();
  if (digits !== '' && !/^[0-7]+$/.test(digits))
    throw new BadArchive('is damaged or holds a file too large to be part of a recording');
  return Number.parseInt(digits === '' ? '0' : digits, 8);
}

function cString(from: Buffer, start: number, length: number): string {
  const end = from.indexOf(0, start);
  return from.toString('utf8', start, end === -1 || end > start + length ? start + length : end);
}

/** Records of the form `LENGTH KEY=VALUE\n`, where LENGTH counts the whole record. */
function readPax(content: Buffer): { path?: string; bytes?: number } {
  const out: { path?: string; bytes?: number } = {};
  let at = 0;
  while (at < content.length && content[at] !== 0) {
    const space = content.indexOf(0x20, at);
    const length = Number(content.toString('latin1', at, space));
    if (space === -1 || !Number.isSafeInteger(length) || length <= space - at || at + length > content.length)
      throw new BadArchive('is damaged');
    const [key = '', ...value] = content.toString('utf8', space + 1, at + length - 1).split('=');
    if (key === 'path') out.path = value.join('=');
    if (key === 'size') {
      const bytes = Number(value.join('='));
      if (!Number.isSafeInteger(bytes) || bytes < 0) throw new BadArchive('is damaged');
      out.bytes = bytes;
    }
    at += length;
  }
  return out;
}
