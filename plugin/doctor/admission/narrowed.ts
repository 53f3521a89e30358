import { isEverything } from '../../../shared/kube/selector.ts';
import { covers, ofPods, type Requested } from '../../../shared/kube/webhook-configuration.ts';
import type { Snapshot } from '../../cluster/snapshot.ts';
import type { Finding } from '../finding.ts';
import { shell } from '../shell.ts';
import { enforcersOf, type Enforcer } from './enforcers.ts';
import { installOf } from './install-of.ts';

const debugged: Requested = { ...ofPods, resource: 'pods/ephemeralcontainers' };

/** What images of pods come in by, beside the creation of a pod. */
const ways = [
  { requested: ofPods, operation: 'UPDATE', said: 'UPDATE of pods' },
  { requested: debugged, operation: 'UPDATE', said: 'UPDATE of pods/ephemeralcontainers (kubectl debug)' },
] as const;

/**
 * Our webhooks that are asked about pods, but about fewer of them than they are installed for: a way around, open to whoever
 * knows it. Nothing is one where a policy in CEL stands beside the webhook, and conditions that others add are their own
 * decision.
 */
export function narrowed(snapshot: Snapshot): Finding[] {
  const enforcers = enforcersOf(snapshot);
  const { image, webhookNamespace } = installOf(snapshot, enforcers);
  return enforcers.flatMap((enforcer): Finding[] => {
    const { called, does, coversPods, objectSelector } = enforcer;
    if (called === null || !coversPods || enforcers.some((one) => one.does === does && one.called === null)) return [];
    const missing = ways.filter(({ requested, operation }) => !covers(called.webhook, requested, operation));
    const byLabel = !isEverything(objectSelector);
    if (missing.length === 0 && !byLabel) return [];
    const { kind, meta } = called.configuration;
    const restore = [{ op: 'replace', path: `/webhooks/${called.index}/objectSelector`, value: {} }];
    return [
      {
        cause: 'webhook-narrowed',
        confidence: 'certain',
        facts: {
          webhook: called.webhook.name,
          missing: missing.map(({ said }) => said).join(' and '),
          passes: passes(enforcer),
          ...(byLabel
            ? {
                restore: `kubectl patch ${kind.toLowerCase()} ${shell(meta.name)} --type=json -p ${shell(JSON.stringify(restore))}`,
              }
            : {}),
          ...(missing.length === 0 ? {} : { image, webhookNamespace }),
        },
        evidence: [
          ...(byLabel ? [`its objectSelector is ${selectorText(enforcer)}`] : []),
          ...missing.map(({ said }) => `its rules do not cover ${said}`),
        ],
        objects: [{ kind, name: meta.name }],
      },
    ];
  });
}

function passes({ does }: Enforcer): string {
  return does === 'rewrite' ? 'is not rewritten' : 'is not turned away';
}

function selectorText({ objectSelector: { labels, expressions } }: Enforcer): string {
  const equal = Object.entries(labels).map(([key, value]) => `${key}=${value}`);
  const others = expressions.map(({ key, operator, values }) => [key, operator, ...values].join(' '));
  return [...equal, ...others].join(', ');
}
