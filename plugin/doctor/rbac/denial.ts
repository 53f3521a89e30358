import type { Rule } from '../../../shared/kube/rbac.ts';
import type { Request } from '../../../shared/rbac/request.ts';
import type { AccountName } from '../../../shared/rbac/who.ts';
import { escalations } from './escalation.ts';
import { aboutBefore, quoted, unescapeHtml, unquote } from './quoted.ts';

/** What a message of the API server says was denied. */
export type Denial =
  | {
      readonly kind: 'request';
      readonly user: string;
      readonly request: Request;
      /** Roles that bindings of this user name and that did not exist at that time. */
      readonly missingRoles: readonly { readonly kind: 'Role' | 'ClusterRole'; readonly name: string }[];
      /** Verbatim, for evidence. */
      readonly text: string;
    }
  | {
      /** Somebody wrote or bound a role that holds more than they hold themselves. */
      readonly kind: 'escalation';
      readonly user: string;
      readonly groups: readonly string[];
      /** The plural and name of what they wrote; empty where the message does not say. */
      readonly target: { readonly resource: string; readonly name: string };
      readonly missing: readonly Rule[];
      readonly text: string;
    }
  | { readonly kind: 'no-account'; readonly account: AccountName; readonly text: string };

/** Longer messages are dumps of something; what is denied stands in the first lines. */
const limit = 64 * 1024;

/**
 * Every denial in a message, whoever wraps it: an event, a condition, a log line that a container left behind. Quotes
 * that a logger escaped once more are read as well. Texts that only look alike (quota, pod security, webhooks, the node
 * authorizer, which no role can satisfy) give nothing.
 */
export function denials(message: string): Denial[] {
  const text = message.slice(0, limit);
  if (!/\bcannot\b|currently held|extra privileges|service account/.test(text)) return [];
  const plain = parse(text);
  return plain.length > 0 || !text.includes('\\"') ? plain : parse(unwrapped(text));
}

/** A logger that prints a message as one quoted value escapes its quotes and line ends. */
function unwrapped(text: string): string {
  return text.replaceAll('\\n', '\n').replaceAll('\\"', '"');
}

function parse(text: string): Denial[] {
  // No object of Kubernetes has a control character in its name: such a message was made up to end somebody's line.
  return [...requests(text), ...escalations(text), ...lostAccounts(text)].filter(
    (denial) => !hasControl({ ...denial, user: '', text: '' }),
  );
}

function hasControl(value: unknown): boolean {
  if (typeof value === 'string') return /\p{Cc}/u.test(value);
  return typeof value === 'object' && value !== null && Object.values(value).some(hasControl);
}

const scope = `(?: in the namespace (?<ns>${quoted})| in project (?<project>${quoted})| at the cluster scope| in the cluster)?`;
const current = `resource (?<resource>${quoted}) in API group (?<group>${quoted})${scope}`;
const path = `path (?<path>${quoted})`;
// Before 1.12: `cannot list deployments.extensions/scale in the namespace "x"`, and OpenShift's `all` in the same place.
const old = `(?:all )?(?<old>[a-z][^\\s":,]{0,600})(?= in the namespace| in project| at the cluster scope| in the cluster)${scope}`;
const reason = `\\.?(?:: (?<reason>[^\\n]{0,4000}))?`;
const pattern = new RegExp(
  `User (?<user>${quoted}) cannot (?<verb>[^\\s"]{1,100}) (?:${current}|${path}|${old})${reason}`,
  'gs',
);

function requests(text: string): Denial[] {
  return [...text.matchAll(pattern)].flatMap((match): Denial[] => {
    const part = match.groups ?? {};
    const why = part['reason'] ?? '';
    if (why.includes('no relationship found between node')) return [];
    const about = aboutBefore(text, match.index);
    return [
      {
        kind: 'request',
        user: value(part['user']),
        request: requestOf(part, about.name),
        missingRoles: missingRoles(why),
        text: about.text + match[0].trim(),
      },
    ];
  });
}

function requestOf(part: Readonly<Record<string, string | undefined>>, name: string): Request {
  const verb = part['verb'] ?? '';
  if (part['path'] !== undefined) return { verb, path: value(part['path']) };
  const namespace = value(part['ns'] ?? part['project']);
  if (part['resource'] !== undefined) {
    const [resource, subresource] = cut(value(part['resource']), '/');
    return { verb, group: value(part['group']), resource, subresource, name, namespace };
  }
  const [grouped, subresource] = cut(part['old'] ?? '', '/');
  const [resource, group] = cut(grouped, '.');
  return { verb, group, resource, subresource, name, namespace };
}

const notFound = new RegExp(
  `(clusterroles?|roles?)(?:\\.rbac\\.authorization\\.k8s\\.io)? (${quoted}) not found`,
  'gs',
);

function missingRoles(reason: string): { kind: 'Role' | 'ClusterRole'; name: string }[] {
  return [...reason.matchAll(notFound)].map(([, kind, name]) => ({
    kind: kind?.startsWith('cluster') === true ? 'ClusterRole' : 'Role',
    name: unquote(name ?? ''),
  }));
}

function lostAccounts(text: string): Denial[] {
  return [
    ...text.matchAll(/error looking up service account ([^\s/]{1,300})\/([^\s:]{1,300}): [^\n]{0,600}?not found/g),
  ].map((match) => ({
    kind: 'no-account',
    account: { namespace: match[1] ?? '', name: match[2] ?? '' },
    text: match[0],
  }));
}

function value(raw: string | undefined): string {
  return raw === undefined ? '' : unescapeHtml(unquote(raw));
}

function cut(text: string, separator: string): [string, string] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + separator.length)];
}
