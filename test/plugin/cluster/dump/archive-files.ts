import { gzipSync } from 'node:zlib';
import { pack as tarPack, type Pack } from 'tar-stream';

/** A `.tar.gz` with these files; a Buffer or text as it is, anything else as JSON. */
export async function pack(files: Readonly<Record<string, unknown>>, prefix = ''): Promise<Buffer> {
  return gzipSync(
    await tar(
      Object.entries(files).map(([name, content]) => [
        { name: prefix + name },
        typeof content === 'string' ? content : JSON.stringify(content),
      ]),
    ),
    { level: 1 },
  );
}

export async function tar(entries: readonly (readonly [Parameters<Pack['entry']>[0], string])[]): Promise<Buffer> {
  const archive = tarPack();
  for (const [header, content] of entries) archive.entry(header, content);
  archive.finalize();
  const chunks: Buffer[] = [];
  for await (const chunk of archive) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
