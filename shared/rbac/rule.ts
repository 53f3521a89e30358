import type { Rule } from '../kube/rbac.ts';
import { combined, type Request } from './request.ts';

/** The part of a rule that stands against a request. */
export type Mismatch = 'verb' | 'group' | 'resource' | 'name' | 'path';

/**
 * Whether a rule allows a request, with the API server's own semantics: `*` for all verbs, groups, resources or paths;
 * a subresource is named in full (`pods/log`), by a `*` before its slash, or by `*` alone, so that `pods` does not
 * include it and `pods/*` is no wildcard; a rule with `resourceNames` never allows a request without a name.
 */
export function allows(rule: Rule, request: Request): boolean {
  return mismatches(rule, request).length === 0;
}

/** Every part of the rule that keeps it from allowing the request; none when it allows it. */
export function mismatches(rule: Rule, request: Request): Mismatch[] {
  const wrong: Mismatch[] = [];
  if (!rule.verbs.includes('*') && !rule.verbs.includes(request.verb)) wrong.push('verb');
  if ('path' in request) {
    if (!rule.nonResourceURLs.some((url) => coversPath(url, request.path))) wrong.push('path');
    return wrong;
  }
  if (!rule.apiGroups.includes('*') && !rule.apiGroups.includes(request.group)) wrong.push('group');
  if (!coversResource(rule.resources, combined(request))) wrong.push('resource');
  if (rule.resourceNames.length > 0 && !rule.resourceNames.includes(request.name)) wrong.push('name');
  return wrong;
}

/** `resource` is spelled with its subresource. */
function coversResource(resources: readonly string[], resource: string): boolean {
  const slash = resource.indexOf('/');
  return (
    resources.includes('*') ||
    resources.includes(resource) ||
    (slash >= 0 && resources.includes(`*${resource.slice(slash)}`))
  );
}

function coversPath(url: string, path: string): boolean {
  return url === path || (url.endsWith('*') && path.startsWith(url.replace(/\*+$/, '')));
}

/**
 * The rules among `wanted` that `held` does not include, broken down to one verb, resource and name each: what the API
 * server compares before it lets somebody create or bind a role.
 */
export function uncovered(held: readonly Rule[], wanted: readonly Rule[]): Rule[] {
  return wanted.flatMap(atoms).filter((atom) => !held.some((rule) => includesAtom(rule, atom)));
}

function atoms(rule: Rule): Rule[] {
  const names = rule.resourceNames.length > 0 ? rule.resourceNames.map((name) => [name]) : [[]];
  const out: Rule[] = [];
  for (const verb of rule.verbs) {
    for (const group of rule.apiGroups)
      for (const resource of rule.resources)
        for (const resourceNames of names)
          out.push({ verbs: [verb], apiGroups: [group], resources: [resource], resourceNames, nonResourceURLs: [] });
    for (const url of rule.nonResourceURLs)
      out.push({ verbs: [verb], apiGroups: [], resources: [], resourceNames: [], nonResourceURLs: [url] });
  }
  return out;
}

function includesAtom(rule: Rule, atom: Rule): boolean {
  return (
    atom.verbs.every((verb) => rule.verbs.includes('*') || rule.verbs.includes(verb)) &&
    atom.apiGroups.every((group) => rule.apiGroups.includes('*') || rule.apiGroups.includes(group)) &&
    atom.resources.every((resource) => coversResource(rule.resources, resource)) &&
    atom.nonResourceURLs.every((path) => rule.nonResourceURLs.some((url) => coversPath(url, path))) &&
    (rule.resourceNames.length === 0 ||
      (atom.resourceNames.length > 0 && atom.resourceNames.every((name) => rule.resourceNames.includes(name))))
  );
}
