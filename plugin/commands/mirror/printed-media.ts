import type { mediaDocument as documentOf } from '../../render/media.ts';
import { printed } from '../printed.ts';

/** The outcome of a command about media as `-o` asks for it. */
export async function printedMedia(
  output: 'table' | 'json' | 'yaml',
  kind: Parameters<typeof documentOf>[0],
  outcome: Parameters<typeof documentOf>[1],
  table: () => string,
): Promise<string> {
  const { mediaDocument } = await import('../../render/media.ts');
  return printed(output, mediaDocument(kind, outcome), async () => table());
}
