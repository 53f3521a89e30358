import type { Rule } from '../../../shared/kube/rbac.ts';
import type { Denial } from './denial.ts';
import { aboutBefore, quoted, unescapeHtml, unquote, unquoteList } from './quoted.ts';

const current = new RegExp(
  `user (?<user>${quoted}) \\(groups=(?<groups>\\[(?:${quoted}| ){0,200}\\])\\) is attempting to grant RBAC permissions not currently held:(?<rules>(?:\\s*\\{[^\\n}]*\\})*)`,
  'gs',
);
// Before 1.12.
const old =
  /attempt to grant extra privileges: \[(?<rules>[^\n]{0,8000}?)\] user=&\{(?<user>\S{1,600}) \S{0,100} \[(?<groups>[^\]]{0,4000})\]/g;

/** The denials of the API server's guard against granting more than one holds. */
export function escalations(text: string): Denial[] {
  return [...text.matchAll(current), ...text.matchAll(old)].map((match) => {
    const part = match.groups ?? {};
    const groups = part['groups'] ?? '';
    const about = aboutBefore(text, match.index);
    return {
      kind: 'escalation',
      user: unescapeHtml(unquote(part['user'] ?? '')),
      groups: groups.startsWith('[') ? unquoteList(groups) : groups.split(' ').filter((group) => group !== ''),
      target: { resource: about.resource.split('.')[0] ?? '', name: about.name },
      missing: compactRules(part['rules'] ?? ''),
      text: about.text + match[0].trim(),
    };
  });
}

const fields = {
  Verbs: 'verbs',
  APIGroups: 'apiGroups',
  Resources: 'resources',
  ResourceNames: 'resourceNames',
  NonResourceURLs: 'nonResourceURLs',
} as const satisfies Record<string, keyof Rule>;

/** `{APIGroups:["apps"], Resources:["deployments"], Verbs:["get"]}`, one or many; also `PolicyRule{…}` as once printed. */
function compactRules(text: string): Rule[] {
  return [...text.matchAll(/\{([^{}]*)\}/g)].flatMap(([, inside]) => {
    const lists: Partial<Record<keyof Rule, string[]>> = {};
    for (const [, name, list] of (inside ?? '').matchAll(new RegExp(`(\\w+):\\[((?:${quoted}| )*)\\]`, 'gs')))
      if (name !== undefined && name in fields) lists[fields[name as keyof typeof fields]] = unquoteList(list ?? '');
    if (lists.verbs === undefined) return [];
    return [{ verbs: [], apiGroups: [], resources: [], resourceNames: [], nonResourceURLs: [], ...lists }];
  });
}
