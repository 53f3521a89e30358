import { AirgapError } from '../../shared/errors.ts';
import { array, record, text } from '../../shared/kube/json.ts';
import { missingRule, ruleText } from '../../shared/rbac/missing.ts';
import { ask, garbage, readJson, type Refusal } from './ask.ts';
import type { Cluster } from './cluster.ts';
import type { Connection } from './connection.ts';
import type { ResourceType } from './kinds.ts';
import type { ObserveOptions } from './observer.ts';
import { observers } from './observers/index.ts';
import { readPages } from './pages.ts';
import { resourceName, resourcePath } from './resource-path.ts';
import type { Gap } from './snapshot.ts';

export interface LiveCluster extends Cluster {
  /** What `/version` says, `v1.37.2`; undefined where the user may not ask. */
  readonly serverVersion: string | undefined;
}

/**
 * The cluster behind a connection. Asks for the server's version first, so that a server that cannot be reached or
 * does not accept the credentials is one AirgapError instead of a gap in every kind.
 */
export async function openLive(
  connection: Connection,
  options: Omit<ObserveOptions, 'signal'> & { readonly signal?: AbortSignal; readonly now?: Date },
): Promise<LiveCluster> {
  const serverVersion = await greet(connection, options.signal);
  const versions = servedVersions(connection);
  return {
    source: connection.context === '' ? connection.server.host : `${connection.context} (${connection.server.host})`,
    now: options.now ?? new Date(),
    serverVersion,
    async list(type, visit, { namespace, fieldSelector, signal } = {}) {
      const query = fieldSelector === undefined ? {} : { fieldSelector };
      const scope = type.namespaced ? namespace : undefined;
      let served = type;
      let end = await readPages(connection, resourcePath(type, scope), query, visit, signal);
      const doubt = !end.complete && (end.refused?.status === 404 || end.refused?.status === 403);
      if (doubt && type.group !== '') {
        const offered = await versions(type.group, signal);
        if (offered !== undefined && !offered.includes(type.version) && !end.complete && end.refused?.status === 404)
          for (const version of offered) {
            served = { ...type, version };
            end = await readPages(connection, resourcePath(served, scope), query, visit, signal);
            if (end.complete || end.refused?.status !== 404) break;
          }
        // Who may not list a resource is told so even where nobody serves it; discovery knows better.
        if (offered?.length === 0) return notServed(type);
      }
      if (end.complete)
        return end.tooLong === 0
          ? null
          : {
              why: 'failed',
              reason: `of ${resourceName(type)}, ${end.tooLong} larger than 16 MiB ${end.tooLong === 1 ? 'was' : 'were'} passed over`,
            };
      return gapOf(end.refused, end.reason, 'list', type, scope);
    },
    async get(type, namespace, name) {
      try {
        const answer = await ask(connection, resourcePath(type, namespace, name), options.signal);
        if ('ok' in answer) return { object: await readJson(answer.ok, connection) };
        return { gap: gapOf(answer.refused, answer.refused.message, 'get', type, namespace, name) };
      } catch (error) {
        if (!(error instanceof AirgapError)) throw error;
        return { gap: { why: 'failed', reason: error.message } };
      }
    },
    async observe(kind, snapshot, visit) {
      const load = observers[kind];
      if (load === undefined) return { why: 'absent', reason: `${kind} cannot be looked at from here` };
      const signal = options.signal ?? new AbortController().signal;
      return (await load())(connection, snapshot, { ...options, signal }, visit);
    },
  };
}

async function greet(connection: Connection, signal?: AbortSignal): Promise<string | undefined> {
  const answer = await ask(connection, '/version', signal);
  if ('ok' in answer) return text((await readJson(answer.ok, connection))['gitVersion']);
  const { status, message } = answer.refused;
  // Some clusters hide their version from people who may read everything else.
  if (status === 403 || (status === 404 && text(answer.refused.body['kind']) === 'Status')) return undefined;
  const host = connection.server.host;
  if (status === 401)
    throw new AirgapError(
      'unreachable',
      `The API server ${host} does not accept the credentials of ${connection.context === '' ? 'the given flags' : `context "${connection.context}"`}.`,
      'A token or certificate may have expired; see: kubectl auth whoami',
    );
  if (status === 429 || status >= 500)
    throw new AirgapError(
      'unreachable',
      `The API server ${host} answers, but only with errors: ${message}.`,
      'It may be starting or overloaded; try again in a minute.',
    );
  throw garbage(connection, new Error(message));
}

/** The versions of a group that the server serves, preferred first; none where it does not know the group. */
function servedVersions(
  connection: Connection,
): (group: string, signal?: AbortSignal) => Promise<readonly string[] | undefined> {
  const known = new Map<string, Promise<readonly string[] | undefined>>();
  const look = async (group: string, signal?: AbortSignal): Promise<readonly string[] | undefined> => {
    try {
      const answer = await ask(connection, `/apis/${group}`, signal);
      if ('refused' in answer) return answer.refused.status === 404 ? [] : undefined;
      const body = await readJson(answer.ok, connection);
      const all = array(body['versions']).flatMap((entry) => text(record(entry)['version']) ?? []);
      const preferred = text(record(body['preferredVersion'])['version']);
      return preferred === undefined ? all : [...new Set([preferred, ...all])];
    } catch (error) {
      if (error instanceof AirgapError) return undefined;
      throw error;
    }
  };
  return (group, signal) => {
    const found = known.get(group) ?? look(group, signal);
    known.set(group, found);
    return found;
  };
}

function notServed(type: ResourceType): Gap {
  return { why: 'absent', reason: `the API server does not serve ${resourceName(type)}` };
}

function gapOf(
  refused: Refusal | undefined,
  reason: string,
  verb: 'list' | 'get',
  type: ResourceType,
  namespace = '',
  name = '',
): Gap {
  const resource = resourceName(type);
  const scope = namespace === '' ? 'at the cluster scope' : `in namespace ${namespace}`;
  const request = { verb, group: type.group, resource: type.plural, subresource: '', name, namespace };
  switch (refused?.status) {
    case 404:
      return name === '' ? notServed(type) : { why: 'absent', reason: `there is no ${type.kind} ${name} ${scope}` };
    case 403:
      return {
        why: 'forbidden',
        reason: `you may not ${verb} ${resource} ${scope}; the rule that is missing: ${ruleText(missingRule(request))}`,
      };
    case 401:
      return { why: 'failed', reason: `the API server no longer accepts the credentials (${verb} ${resource})` };
    default:
      return { why: 'failed', reason: `could not ${verb} ${resource} ${scope}: ${reason.replace(/\.$/, '')}` };
  }
}
