import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pruneTable } from '../../../plugin/render/prune.ts';
import { pipe } from './sample.ts';
import type { PruneReport, ReportedRemoval } from '../../../plugin/supply/prune/report.ts';

const digest = (letter: string): string => `sha256:${letter.repeat(64)}`;

function report(removing: boolean, removals: readonly ReportedRemoval[]): PruneReport {
  const going = removals.filter(({ result }) => result !== 'failed');
  return {
    apiVersion: 'airgap.dev/v1alpha1',
    kind: 'PruneReport',
    removing,
    locks: ['a.lock.yaml', 'b.lock.yaml'],
    source: null,
    summary: {
      repositories: 2,
      keptTags: 1,
      tags: going.flatMap(({ tags }) => tags).length,
      manifests: going.length,
      bytes: 5 << 20,
      failed: removals.length - going.length,
      untouched: 1,
    },
    repositories: [
      { repository: 'reg.example/m/app', untouched: null, keptTags: ['1'], removals },
      { repository: 'reg.example/m/db', untouched: 'it could not be seen whole: no', keptTags: [], removals: [] },
    ],
    unlisted: [],
    registries: [{ host: 'reg.example', product: 'zot', bytes: 5 << 20, collect: ['Wait.', '$ zot\u001b[31m gc'] }],
  };
}

test('the table says what would go, what stays, and how the space comes back', () => {
  const removals: ReportedRemoval[] = [
    { digest: digest('a'), tags: ['2', '2-alpine'], result: 'planned', detail: '' },
    { digest: digest('b'), tags: [], result: 'planned', detail: '' },
  ];
  assert.equal(
    pruneTable(report(false, removals), pipe),
    `REPOSITORY         TAGS         DIGEST                                                                   RESULT
reg.example/m/app  2, 2-alpine  ${digest('a')}  would go

Needed by a.lock.yaml, b.lock.yaml alone: 1 tag in 2 repositories stays.
Would remove 2 tags and 2 manifests, which frees at most 5.0 MiB.
Nothing was removed yet: add --yes to remove this.
Left alone: reg.example/m/db: it could not be seen whole: no.

How reg.example (zot) gives up to 5.0 MiB back:
  Wait.
      zot\\u001b[31m gc
`,
  );
});

test('what was not removed is told once, with the reason', () => {
  const table = pruneTable(
    report(true, [
      { digest: digest('a'), tags: ['2'], result: 'removed', detail: '' },
      { digest: digest('b'), tags: [], result: 'failed', detail: 'it does not delete' },
    ]),
    pipe,
  );
  assert.match(table, /m\/app +- +sha256:b+ +NOT REMOVED/);
  assert.match(table, /Removed 1 tag and 1 manifest, .*\n1 manifest was not removed\.\n/);
  assert.match(table, /Not removed: reg\.example\/m\/app: it does not delete\.\n/);
});
