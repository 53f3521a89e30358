import type { Schema } from './schema.ts';

/** TypeScript types of a schema, with its descriptions as comments. */
export function typesOf(schema: Schema, name: string): string {
  return `// Made from schema.json by "npm run generate".\n\nexport interface ${name} ${typeOf(schema, '')}\n`;
}

function typeOf(schema: Schema, indent: string): string {
  if (schema.enum !== undefined) return schema.enum.map((value) => `'${value}'`).join(' | ');
  if (schema.type === 'string') return 'string';
  if (schema.type === 'array') return `readonly ${elementOf(schema.items ?? {}, indent)}[]`;
  if (schema.properties !== undefined) return objectOf(schema, indent);
  const values =
    typeof schema.additionalProperties === 'object' ? typeOf(schema.additionalProperties, indent) : 'unknown';
  return `Readonly<Record<string, ${values}>>`;
}

function elementOf(schema: Schema, indent: string): string {
  return schema.enum === undefined ? typeOf(schema, indent) : `(${typeOf(schema, indent)})`;
}

function objectOf(schema: Schema, indent: string): string {
  const inner = `${indent}  `;
  const lines = Object.entries(schema.properties ?? {}).map(([key, property]) => {
    const optional = schema.required?.includes(key) === true ? '' : '?';
    const comment = property.description === undefined ? '' : `${inner}/** ${property.description} */\n`;
    return `${comment}${inner}readonly ${key}${optional}: ${typeOf(property, inner)};\n`;
  });
  return `{\n${lines.join('')}${indent}}`;
}
