import { cpus, release, totalmem, type } from 'node:os';
import type { Refusal, Tally } from './load.ts';
import type { Fault } from './reliability.ts';

const causes: readonly Refusal[] = ['no answer', 'not rewritten', 'API server away'];

/** docs/reliability.md: what became of every pod, summed over the rounds. */
export function reliabilityPage(rounds: number, chosen: readonly Fault[], tallies: readonly Tally[]): string {
  const byTitle = [...Map.groupBy(tallies, ({ title }) => title)];
  const sum = (some: readonly Tally[], of: (tally: Tally) => number): number =>
    some.reduce((total, tally) => total + of(tally), 0);
  const rows = byTitle.map(([title, some]) => {
    const gaps = some.map(({ longestGap }) => (longestGap / 1000).toFixed(1));
    const cells = [
      title,
      sum(some, ({ seconds }) => seconds).toFixed(0),
      sum(some, ({ admitted }) => admitted),
      ...causes.map((cause) => sum(some, ({ refused }) => refused[cause] ?? 0)),
      gaps.join(' '),
      sum(some, ({ turnedAway }) => turnedAway),
      sum(some, ({ ran }) => ran.size),
    ];
    return `| ${cells.join(' | ')} |`;
  });
  const lossless = [
    ...new Set(
      chosen.filter(({ loses, title }) => loses === 'nothing' && title !== 'nothing').map(({ title }) => title),
    ),
  ];
  const asked = sum(tallies, ({ admitted, refused, turnedAway }) =>
    Object.values(refused).reduce((total, count) => total + count, admitted + turnedAway),
  );
  const turnedAway = sum(tallies, (tally) => tally.turnedAway);
  return `# Reliability

Written by \`npm run reliability\`, which needs root and ends with an error instead where one of the promises is broken. A
shorter run of the same is part of the tests.

- Machine: ${cpus()[0]?.model.trim() ?? 'unknown'}, ${cpus().length} cores, ${(totalmem() / 2 ** 30).toFixed(0)} GiB, ${type()} ${release()}; API server, etcd, kubelet, containerd, registry and load all run on it.
- Kubernetes 1.37.2 with one node; the webhook as \`kubectl airgap install\` installs it, two replicas, mode \`Enforce\`.
- ${rounds === 1 ? 'One round' : `${rounds} rounds`} of every fault, one after another, while pods are created all the time: two at a time with an image that a rule covers, one with an image that none does, and a Deployment of which a pod is deleted every second.

## Promises

Of ${asked} pods that were asked for, ${turnedAway} had an image that no rule covers.

| promise | |
| --- | --- |
| no external image gets in: every pod that was created had the name of the mirror, all ${turnedAway} others were refused | kept |
| none is pulled: the node asked no name server for another registry, and containerd holds no other image | kept |
| no admission fails because of a certificate | kept |
| nothing is lost by: ${lossless.join('; ')} | kept |
| nothing deadlocks: after each fault pods are created again without help, also when everything restarts at once | kept |

## What happened

Counts are sums over the rounds; gaps are the longest time, in each round, in which no pod could be created, in seconds.

| fault | seconds | created | refused: no answer | refused: not rewritten | API server away | longest gap | external, refused | pods that ran |
| --- | --- | --- | --- | --- | --- | --- | --- | --- |
${rows.join('\n')}

- *no answer*: the API server could not reach the webhook, and \`validate\` fails closed. Controllers try again by themselves.
- *not rewritten*: the replica died between a pod's two requests, or the connection to \`mutate\` broke, which fails open; \`validate\` then refused the pod as it was. Creating it again is enough.
- *API server away*: it did not answer, or had not yet read its own roles.

A policy that moves an image to another mirror should allow the old one for as long as pods are being created: a pod that was
rewritten by the old policy may be judged by the new one a moment later. The policies of this run do so.
`;
}
