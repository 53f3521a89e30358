import type { mediaDocument as documentOf } from '../../render/media.ts';

/** The outcome as the table or as the document that `-o` asks for. */
export async function printed(
  output: 'table' | 'json' | 'yaml',
  kind: Parameters<typeof documentOf>[0],
  outcome: Parameters<typeof documentOf>[1],
  table: () => string,
): Promise<string> {
  if (output === 'table') return table();
  const [{ mediaDocument }, { jsonText }, { yamlText }] = await Promise.all([
    import('../../render/media.ts'),
    import('../../render/json.ts'),
    import('../../render/yaml.ts'),
  ]);
  const document = mediaDocument(kind, outcome);
  return output === 'json' ? jsonText(document) : yamlText(document);
}
