/** tar is made of blocks of this many bytes: a header is one, and content is filled up to a whole number of them. */
const block = 512;

/** An archive ends with two blocks of nothing. */
export const endOfArchive = Buffer.alloc(2 * block);

/** Bytes of nothing that follow a content of `size` bytes. */
export function padding(size: number): number {
  return (block - (size % block)) % block;
}

/** Bytes that a file takes in an archive. */
export function taken(size: number): number {
  return block + size + padding(size);
}

/**
 * The header of a plain file, always the same for the same name and size (POSIX.1-1988, ustar): no owner, no time. So
 * what an archive of ours must look like is known before it is read, and nothing in it has to be believed.
 */
export function header(name: string, size: number): Buffer {
  const bytes = Buffer.alloc(block);
  bytes.write(name, 0, 100, 'ascii');
  bytes.write('0000644\0', 100);
  bytes.write('0000000\0', 108);
  bytes.write('0000000\0', 116);
  writeSize(bytes, size);
  bytes.write('00000000000\0', 136);
  bytes.write('        0', 148);
  bytes.write('ustar\u000000', 257, 'latin1');
  const sum = bytes.reduce((total, byte) => total + byte, 0);
  bytes.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return bytes;
}

/** The size that a header tells; undefined where the block is no header of a plain file of that name. */
export function sizeIn(bytes: Buffer, name: string): number | undefined {
  const digits = bytes.toString('latin1', 124, 135);
  if (bytes.length < block || !/^[0-7]{11}$/.test(digits)) return undefined;
  const size = Number.parseInt(digits, 8);
  return header(name, size).equals(bytes.subarray(0, block)) ? size : undefined;
}

/** Eleven octal digits reach to 8 GiB; beyond them the number is binary, as GNU tar has it. */
function writeSize(bytes: Buffer, size: number): void {
  if (size < 8 ** 11) {
    bytes.write(`${size.toString(8).padStart(11, '0')}\0`, 124);
    return;
  }
  bytes.writeUInt8(0x80, 124);
  bytes.writeBigUInt64BE(BigInt(size), 128);
}
