import type { CompiledPolicy } from '../../shared/policy/compile.ts';
import { celObjects } from '../../shared/policy/cel/objects.ts';
import { whatCelLacks } from '../../shared/policy/cel/untold.ts';
import { yamlText } from '../render/yaml.ts';
import type { Exported } from '../supply/exports/exporter.ts';

/** `export --to cel`: policies as objects that the API server evaluates itself. What they lack is told in the file too. */
export function exportCel(policies: readonly CompiledPolicy[]): Exported {
  const warnings = whatCelLacks(policies);
  const head = [
    `Made by kubectl airgap export --to cel from AirgapPolicy ${policies.map(({ name }) => name).join(', ')}, for Kubernetes 1.36 and newer.`,
    'What the webhook does and these objects do not:',
    ...warnings.map((warning) => `- ${warning}`),
  ];
  const text = `${head.map((line) => `# ${line}`).join('\n')}\n${yamlText(...celObjects(policies))}`;
  return { files: [{ path: 'admission-policies.yaml', text }], warnings };
}
