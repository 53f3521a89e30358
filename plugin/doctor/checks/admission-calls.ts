import { plainDuration } from '../../../shared/cert/life.ts';
import type { Event } from '../../../shared/kube/event.ts';
import type { Snapshot } from '../../cluster/snapshot.ts';
import { readFailedCalls, type FailedCall } from '../admission/webhook-message.ts';
import { webhookFacts, webhookGroups, webhookPlace, type WebhookGroup } from '../admission/webhooks.ts';
import { clientFault } from '../certs/client-fault.ts';
import { clientRemedy } from '../certs/client-remedy.ts';
import { servingFinder, type FindServing } from '../certs/serving.ts';
import type { Check } from '../check.ts';
import type { Facts, Finding } from '../finding.ts';

/** Controllers try again after at most a quarter of an hour, so an older failure may be over. */
const fresh = 20 * 60_000;

export const webhookCalls: Check = {
  id: 'AG-WHK-003',
  category: 'admission',
  title: 'no call of a webhook has failed lately',
  explanation:
    'Reads the warnings that controllers got when they wanted to create something and the API server could not call a webhook, and says why the call failed: certificate, CA bundle, missing endpoints, refused, timed out. Warnings about objects that have succeeded since, or about webhooks that no longer exist, are left out; one that is older than 20 minutes counts as a warning only. A webhook that answers and denies is working, and is not reported.',
  needs: ['events'],
  wants: ['mutatingwebhookconfigurations', 'validatingwebhookconfigurations', 'pods', 'services', 'secrets'],
  run: (snapshot, { now }) => {
    const named = Map.groupBy(
      webhookGroups(snapshot).flatMap((group) => group.webhooks.map(({ webhook }) => ({ name: webhook.name, group }))),
      ({ name }) => name,
    );
    const allKnown = [snapshot.mutatingwebhookconfigurations, snapshot.validatingwebhookconfigurations].every(
      ({ gap }) => gap === null,
    );
    const made = lastMade(snapshot);
    const find = servingFinder(snapshot);
    return snapshot.events.items.flatMap((event) =>
      readFailedCalls(event.message).flatMap((call) => {
        const group = calledBy(
          call,
          (named.get(call.name) ?? []).map((entry) => entry.group),
        );
        const gone = !call.conversion && group === undefined && allKnown;
        if (
          gone ||
          Date.parse(event.lastSeen) <=
            (made.get(workload(event.object.namespace, event.object.kind, event.object.name)) ?? 0)
        )
          return [];
        return [told(call, event, group, find, now)];
      }),
    );
  },
};

/** A name is unique in its configuration only, so where several have it, the one that is called at that service. */
function calledBy({ service }: FailedCall, groups: readonly WebhookGroup[]): WebhookGroup | undefined {
  const there = groups.find(
    ({ client }) => client.service?.name === service?.name && client.service?.namespace === service?.namespace,
  );
  return there ?? groups[0];
}

/** When the newest pod of each owner was made: an owner that made one after its failure has got over it. */
function lastMade(snapshot: Snapshot): Map<string, number> {
  const made = new Map<string, number>();
  for (const { meta } of snapshot.pods.items)
    for (const { kind, name } of meta.owners) {
      const id = workload(meta.namespace, kind, name);
      made.set(id, Math.max(made.get(id) ?? 0, Date.parse(meta.creationTimestamp ?? '') || 0));
    }
  return made;
}

/** A Deployment's next ReplicaSet has another name and goes on where the last one failed. */
function workload(namespace: string, kind: string, name: string): string {
  return `${kind} ${namespace}/${kind === 'ReplicaSet' ? name.slice(0, name.lastIndexOf('-')) : name}`;
}

function told(call: FailedCall, event: Event, group: WebhookGroup | undefined, find: FindServing, now: Date): Finding {
  const age = now.getTime() - Date.parse(event.lastSeen);
  const { kind, namespace, name } = event.object;
  const old = age > fresh;
  return {
    cause: call.cause,
    ...(old ? { severity: 'warning' } : {}),
    confidence: old ? 'likely' : 'certain',
    facts: {
      ...(call.conversion ? { object: call.name } : {}),
      server: call.address.replace(/:\d+$/, ''),
      address: /dial tcp (\S+?): /.exec(call.reason)?.[1] ?? call.address,
      ...(call.service === undefined
        ? {}
        : { serviceNamespace: call.service.namespace, service: call.service.name, port: call.service.port }),
      renew: call.cause === 'webhook-ca-mismatch' ? 'ca-bundle-by-hand' : 'server-by-hand',
      ...(group === undefined ? {} : remedyOf(call, group, find, now)),
      webhook: call.name,
      reason: call.reason,
      where: `webhook ${call.name}`,
      problem: call.reason,
    },
    evidence: [`${event.reason}${old ? `, ${plainDuration(age)} ago` : ''}: ${event.message.slice(0, 1000)}`],
    objects: [{ kind, ...(namespace === '' ? {} : { namespace }), name }],
  };
}

/** What the configuration adds to the message: whom to ask, and the very command. */
function remedyOf(call: FailedCall, group: WebhookGroup, find: FindServing, now: Date): Facts {
  const facts = webhookFacts(group);
  const serving = find(group.client);
  const side = call.cause === 'webhook-ca-mismatch' ? 'ca' : 'server';
  const fault = clientFault(group.client, serving, now) ?? ({ fault: 'unknown-authority', side } as const);
  return { ...facts, ...clientRemedy(fault, webhookPlace(group), serving, now) };
}
