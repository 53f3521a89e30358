import type { Snapshot } from '../../../../plugin/cluster/snapshot.ts';
import { rbacChecks } from '../../../../plugin/doctor/checks/rbac.ts';
import type { Environment } from '../../../../plugin/doctor/check.ts';
import type { ReportCheck, ReportFinding } from '../../../../plugin/doctor/report.ts';
import type { Json } from '../../../../shared/kube/json.ts';
import { account } from '../../../shared/rbac/objects.ts';
import { collected, rowOf, type Gaps, type Raws } from '../snapshot.ts';

/** A cluster in a few words; what is left out is empty, and every namespace that is named exists. */
export interface Situation {
  readonly roles?: readonly Json[];
  readonly bindings?: readonly Json[];
  /** `ns/name`. */
  readonly accounts?: readonly string[];
  readonly namespaces?: readonly string[];
  readonly pods?: readonly Json[];
  readonly events?: readonly Json[];
  /** Objects of other kinds. */
  readonly others?: Raws;
  readonly gaps?: Gaps;
}

/** `ns/name` of a pod and its account. */
export function pod(path: string, serviceAccountName: string, status: Json = {}): Json {
  return { ...account(path), spec: { serviceAccountName }, status: { phase: 'Running', ...status } };
}

/** `Kind ns/name` that the event is about. */
export function event(about: string, message: string): Json {
  const [kind = '', path = ''] = about.split(' ');
  const [namespace, name] = path.split('/');
  return { metadata: { namespace, name: 'e' }, type: 'Warning', message, involvedObject: { kind, namespace, name } };
}

export function snapshotOf(situation: Situation): Snapshot {
  const { roles = [], bindings = [], accounts = [], pods = [], events = [], gaps = {} } = situation;
  const namespaced = (object: Json): boolean => 'namespace' in (object['metadata'] as Json);
  const raws: Raws = {
    roles: roles.filter(namespaced),
    clusterroles: roles.filter((object) => !namespaced(object)),
    rolebindings: bindings.filter(namespaced),
    clusterrolebindings: bindings.filter((object) => !namespaced(object)),
    serviceaccounts: accounts.map(account),
    namespaces: (situation.namespaces ?? ['app', 'ci', 'lib']).map(account),
    pods,
    events,
    ...situation.others,
  };
  return collected(raws, gaps);
}

/** What one check says of a situation. */
export function examine(id: string, situation: Situation, environment: Partial<Environment> = {}): ReportCheck {
  const check = rbacChecks.find((one) => one.id === id);
  return rowOf(check, snapshotOf(situation), { now: new Date(0), ...environment });
}

/** "error rbac-missing-rule certain: summary", one a finding. */
export function lines({ findings }: ReportCheck): string[] {
  return findings.map(({ severity, cause, confidence, summary }) => `${severity} ${cause} ${confidence}: ${summary}`);
}

/** The objects that the remedy applies. */
export function manifestOf(finding: ReportFinding | undefined): string {
  const command = finding?.remedy.find((line) => line.includes("<<'EOF'"));
  return command === undefined ? '' : (/<<'EOF'\n(?<yaml>.*)EOF$/s.exec(command)?.groups?.['yaml'] ?? '');
}
