import path from 'node:path';
import type { CheckFinding, CheckReport } from '../policy/check-report.ts';
import { release } from '../../shared/release.ts';
import { jsonText } from './json.ts';

const rules = {
  reject: 'An image that no rule of the AirgapPolicy covers and no prefix allows',
  invalid: 'An image reference that container runtimes cannot read',
  rewrite: 'An image that the AirgapPolicy rewrites',
  allow: 'An image that stays as it is because its namespace is exempt',
} as const;

const levels = { error: 'error', warning: 'warning', info: 'note' } as const;

/** `check -o sarif`: SARIF 2.1.0, for code hosts that show findings beside the line. */
export function checkSarif(report: CheckReport): string {
  return jsonText({
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'kubectl-airgap',
            version: release,
            rules: Object.entries(rules).map(([id, text]) => ({ id, shortDescription: { text } })),
          },
        },
        results: report.findings.map(resultOf),
      },
    ],
  });
}

function resultOf({
  action,
  severity,
  image,
  reason,
  file,
  line,
  kind,
  namespace,
  name,
  field,
  result,
}: CheckFinding): object {
  const text = action === 'rewrite' ? `${image} is rewritten to ${result ?? ''}` : `${image}: ${reason}`;
  return {
    ruleId: action,
    level: levels[severity],
    message: { text },
    locations: [
      {
        physicalLocation: {
          artifactLocation: { uri: uriOf(file) },
          ...(line === null ? {} : { region: { startLine: line } }),
        },
        logicalLocations: [{ fullyQualifiedName: `${kind}/${namespace}/${name}/${field}` }],
      },
    ],
  };
}

/** Relative to where the command ran, which is how code hosts look for the file; a `#` in a name is no fragment. */
function uriOf(file: string): string {
  if (file === '-') return 'stdin';
  return path.normalize(file).split(path.sep).map(encodeURIComponent).join('/');
}
