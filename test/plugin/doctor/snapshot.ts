import assert from 'node:assert/strict';
import { kinds } from '../../../plugin/cluster/kinds.ts';
import type { Gap, KindName, Reading, Snapshot } from '../../../plugin/cluster/snapshot.ts';
import { causes } from '../../../plugin/doctor/causes/index.ts';
import type { Check, Environment } from '../../../plugin/doctor/check.ts';
import { judge } from '../../../plugin/doctor/judge.ts';
import type { ReportCheck } from '../../../plugin/doctor/report.ts';
import type { Json } from '../../../shared/kube/json.ts';

/** Objects as the API server has them, by kind. */
export type Raws = Partial<Record<KindName, readonly object[]>>;
export type Gaps = Partial<Record<KindName, Gap>>;

/** A snapshot as `collect` makes it of these objects; kinds that are not named are empty. */
export function collected(raws: Raws, gaps: Gaps = {}): Snapshot {
  const readings: Partial<Record<KindName, Reading<unknown>>> = {};
  for (const name of Object.keys(kinds) as KindName[])
    readings[name] = {
      items: (raws[name] ?? []).flatMap((raw) => kinds[name].read(raw as Json) ?? []),
      gap: gaps[name] ?? null,
    };
  return readings as Snapshot;
}

/** The row of a report that one check makes. Checks know nothing of each other, so the others need not run. */
export function rowOf(check: Check | undefined, snapshot: Snapshot, environment: Environment): ReportCheck {
  assert.ok(check, 'there is no such check');
  const row = judge('test', [check], causes, snapshot, environment).categories[0]?.checks[0];
  assert.ok(row);
  return row;
}
