import { Ajv } from 'ajv';
import standalone from 'ajv/dist/standalone/index.js';

const vocabulary = ['x-kubernetes-validations', 'x-kubernetes-list-type', 'x-kubernetes-list-map-keys'];

/**
 * The validator as code, so that neither program compiles schemas while it runs. The compiler writes `require` for its
 * small run-time parts even into ES modules: each becomes an import.
 */
export function validatorOf(schema: object): string {
  const ajv = new Ajv({
    allErrors: true,
    code: { source: true, esm: true, lines: true },
    strict: true,
    allowUnionTypes: true,
  });
  ajv.addVocabulary(vocabulary);
  const code = standalone.default(ajv, ajv.compile(schema));
  const imports: string[] = [];
  const body = code.replace(/require\("([^"]+)"\)/g, (_, module: string) => {
    imports.push(`import runtime${imports.length} from '${module}.js';`);
    return `runtime${imports.length - 1}`;
  });
  const named = body.replace(/^export default .*\n/m, '');
  return `// @ts-nocheck\n// Made from schema.json by "npm run generate".\n${imports.join('\n')}\n${named}\n`;
}
