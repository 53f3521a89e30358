import { checks } from '../plugin/doctor/checks/index.ts';
import { leastRole } from '../plugin/doctor/least-role.ts';
import { yamlText } from '../plugin/render/yaml.ts';

/** What `doctor --print-rbac` prints for all checks, with how to hand it to somebody. */
export function doctorRole(): string {
  return `# Made by "npm run generate": what "kubectl airgap doctor --print-rbac" prints for all checks. It only reads.
# It lists Secrets; for less, name categories: kubectl airgap doctor rbac --print-rbac
#   kubectl apply -f manifests/doctor-rbac.yaml
#   kubectl create clusterrolebinding kubectl-airgap-doctor --clusterrole=kubectl-airgap-doctor --user=USER
${yamlText(...leastRole(checks))}`;
}
