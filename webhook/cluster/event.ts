import type { OwnerLoop } from '../owner-loop.ts';
import { complaintOf, type Api } from './api.ts';

/** Puts a Warning beside the owner that fights the webhook, where `kubectl describe` shows it. */
export async function report(
  api: Api,
  { namespace, owner, times, hint }: OwnerLoop,
  identity: string,
  now: Date,
): Promise<void> {
  const time = now.toISOString().replace(/\.\d+Z$/, 'Z');
  const answer = await api.send('POST', `/api/v1/namespaces/${namespace}/events`, {
    apiVersion: 'v1',
    kind: 'Event',
    metadata: { generateName: 'airgap-webhook.', namespace },
    type: 'Warning',
    reason: 'ImageRewriteLoop',
    message: `The same pod was created ${times} times after its images were rewritten: ${hint}.`.slice(0, 1024),
    involvedObject: { ...owner, namespace },
    source: { component: 'airgap-webhook', host: identity },
    firstTimestamp: time,
    lastTimestamp: time,
    count: times,
  });
  if (answer.status >= 300) throw new Error(complaintOf(answer));
}
