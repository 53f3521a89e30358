import type { Cluster } from '../cluster/cluster.ts';
import { collect } from '../cluster/collect.ts';
import type { KindName } from '../cluster/snapshot.ts';
import { causes } from './causes/index.ts';
import type { Check } from './check.ts';
import { judge } from './judge.ts';
import type { DoctorReport } from './report.ts';

/** Collects what the checks need and judges it. */
export async function examine(
  cluster: Cluster,
  checks: readonly Check[],
  options: {
    readonly namespace?: string;
    readonly policyFile?: string;
    readonly signal: AbortSignal;
    readonly progress: (line: string) => void;
  },
): Promise<DoctorReport> {
  const asked = new Set<KindName>(checks.flatMap(({ needs, wants }) => [...needs, ...(wants ?? [])]));
  const { progress, policyFile, ...rest } = options;
  const snapshot = await collect(cluster, asked, { ...rest, progress: (kind) => progress(`Reading ${kind}…`) });
  const { namespace } = options;
  const environment = {
    now: cluster.now,
    ...(namespace === undefined ? {} : { namespace }),
    ...(policyFile === undefined ? {} : { policyFile }),
  };
  return judge(cluster.source, checks, causes, snapshot, environment);
}
