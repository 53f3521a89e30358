/** A result as `-o` asks for it: as the document that it is, or as the table that is made of it. Loads no other format. */
export async function printed(
  output: 'table' | 'json' | 'yaml',
  document: object,
  table: () => Promise<string>,
): Promise<string> {
  if (output === 'json') return (await import('../render/json.ts')).jsonText(document);
  if (output === 'yaml') return (await import('../render/yaml.ts')).yamlText(document);
  return table();
}
