import type { Role, Rule } from '../kube/rbac.ts';
import { combined, type Request } from './request.ts';
import { mismatches, type Mismatch } from './rule.ts';

/** Verbs whose requests carry a name, so that a rule can be narrowed to it. */
const named = new Set(['get', 'update', 'patch', 'delete', 'use', 'bind', 'escalate', 'impersonate']);

/** The least rule that would allow a request. */
export function missingRule(request: Request): Rule {
  if ('path' in request)
    return { verbs: [request.verb], apiGroups: [], resources: [], resourceNames: [], nonResourceURLs: [request.path] };
  return {
    verbs: [request.verb],
    apiGroups: [request.group],
    resources: [combined(request)],
    resourceNames: request.name !== '' && named.has(request.verb) ? [request.name] : [],
    nonResourceURLs: [],
  };
}

/** A rule on one line as a role's manifest holds it: `{apiGroups: [""], resources: [pods], verbs: [list]}`. */
export function ruleText(rule: Rule): string {
  const fields = (['apiGroups', 'resources', 'resourceNames', 'nonResourceURLs', 'verbs'] as const)
    .filter((field) => rule[field].length > 0)
    .map((field) => `${field}: [${rule[field].map(plain).join(', ')}]`);
  return `{${fields.join(', ')}}`;
}

/** Quoted unless YAML reads it as the same string without quotes. */
function plain(text: string): string {
  const isWord = /^(?!(?:y|n|yes|no|on|off|true|false|null)$)[a-z][a-z0-9./-]*$/.test(text);
  return isWord ? text : JSON.stringify(text);
}

/** Rules that say the same in fewer lines: those that differ only in their verbs, names, resources or paths. */
export function merged(rules: readonly Rule[]): Rule[] {
  return (['verbs', 'resourceNames', 'resources', 'nonResourceURLs'] as const).reduce<Rule[]>(mergedBy, [...rules]);
}

function mergedBy(rules: readonly Rule[], field: keyof Rule): Rule[] {
  const groups = Map.groupBy(rules, (rule) => {
    // A rule for all names must not swallow the names of another one, nor become narrower itself.
    const kept = field === 'resourceNames' && rule.resourceNames.length === 0 ? 'any name' : '';
    return JSON.stringify({ ...rule, [field]: kept });
  });
  return [...groups.values()].flatMap(([first, ...rest]) => {
    if (first === undefined) return [];
    const values = [first, ...rest].flatMap((rule) => rule[field]);
    return [{ ...first, [field]: [...new Set(values)].toSorted() }];
  });
}

/** A rule that allows the request but for one part: what the author of a role most likely meant. */
export interface NearMiss {
  readonly role: Role;
  readonly rule: Rule;
  readonly part: Mismatch;
}

/** Near misses among roles; a rule that is wrong in two parts is about something else. */
export function nearMisses(roles: readonly Role[], request: Request): NearMiss[] {
  return roles.flatMap((role) =>
    role.rules.flatMap((rule) => {
      const [part, ...more] = mismatches(rule, request);
      return part === undefined || more.length > 0 ? [] : [{ role, rule, part }];
    }),
  );
}
