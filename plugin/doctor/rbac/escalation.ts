import type { Rule } from '../../../shared/kube/rbac.ts';
import type { Denial } from './denial.ts';
import { quoted, unescapeHtml, unquote, unquoteList } from './quoted.ts';

const target = `(?:(?<about>[^\\s"]+) (?:(?<name>${quoted}) )?is forbidden: )?`;
const current = new RegExp(
  `${target}user (?<user>${quoted}) \\(groups=(?<groups>\\[(?:${quoted}| )*\\])\\) is attempting to grant RBAC permissions not currently held:(?<rules>(?:\\s*\\{[^\\n}]*\\})*)`,
  'gs',
);
// Before 1.12.
const old = new RegExp(
  `${target}attempt to grant extra privileges: \\[(?<rules>[^\\n]*?)\\] user=&\\{(?<user>\\S+) \\S* \\[(?<groups>[^\\]]*)\\]`,
  'gs',
);

/** The denials of the API server's guard against granting more than one holds. */
export function escalations(text: string): Denial[] {
  return [...text.matchAll(current), ...text.matchAll(old)].map((match) => {
    const part = match.groups ?? {};
    const groups = part['groups'] ?? '';
    return {
      kind: 'escalation',
      user: unescapeHtml(unquote(part['user'] ?? '')),
      groups: groups.startsWith('[') ? unquoteList(groups) : groups.split(' ').filter((group) => group !== ''),
      target: { resource: (part['about'] ?? '').split('.')[0] ?? '', name: unquote(part['name'] ?? '') },
      missing: compactRules(part['rules'] ?? ''),
      text: match[0].trim(),
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
