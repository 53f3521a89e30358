import type { Role, Rule } from '../kube/rbac.ts';
import { selects } from '../kube/selector.ts';

/**
 * Cluster roles with the rules that aggregation gives them, as the controller manager writes them: those of every other
 * role that a selector matches, by name, each once. Roles that aggregate aggregated ones are followed until nothing
 * changes. Needed where the controller has not run: manifests, and clusters whose controller is down.
 */
export function aggregated(roles: readonly Role[]): Role[] {
  const byName = new Map(roles.map((role) => [role.meta.name, role]));
  // Each round carries rules one role further, so a chain settles within as many rounds as there are roles.
  for (let round = 0, changed = true; changed && round <= roles.length; round++) {
    changed = false;
    for (const role of byName.values()) {
      if (role.aggregates === undefined) continue;
      const rules = rulesOfParts(role, byName);
      if (JSON.stringify(rules) === JSON.stringify(role.rules)) continue;
      byName.set(role.meta.name, { ...role, rules });
      changed = true;
    }
  }
  return [...byName.values()];
}

function rulesOfParts(role: Role, byName: ReadonlyMap<string, Role>): Rule[] {
  const seen = new Map<string, Rule>();
  for (const selector of role.aggregates ?? []) {
    const parts = [...byName.values()]
      .filter((part) => part.meta.name !== role.meta.name && selects(selector, part.meta.labels))
      .toSorted((a, b) => (a.meta.name < b.meta.name ? -1 : 1));
    for (const part of parts) for (const rule of part.rules) seen.set(JSON.stringify(rule), rule);
  }
  return [...seen.values()];
}
