import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after } from 'node:test';

/** A folder with these files for one test file, removed afterwards. */
export function workspace(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'airgap-test-'));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    writeFileSync(path.join(folder, name), text);
  }
  after(() => {
    rmSync(folder, { recursive: true });
  });
  return folder;
}

export const policyYaml = (mode: string): string => `apiVersion: airgap.dev/v1alpha1
kind: AirgapPolicy
metadata: {name: default}
spec:
  mode: ${mode}
  mirrors:
    - sourcePrefix: docker.io/library
      targetPrefix: my-registry.local/library
  allowedPrefixes: [my-registry.local]
  exemptions:
    - {namespaces: [kube-system], reason: "bootstrap"}
  customResources:
    - {group: x.io, kind: Thing, paths: ["spec.parts[*].image"]}
`;
