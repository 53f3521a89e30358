import { messageOf } from '../../shared/errors.ts';
import type { Gap, KindName, Snapshot } from '../cluster/snapshot.ts';
import type { Cause } from './causes/cause.ts';
import type { CauseId } from './causes/ids.ts';
import { categories, type Check, type Environment, type Unseen } from './check.ts';
import { reasons } from './reasons.ts';
import { group, type Severe } from './group.ts';
import type { DoctorReport, ReportCheck, ReportFinding, Result } from './report.ts';

type Causes = Readonly<Record<CauseId, Cause>>;

/** Runs every check on what was collected. Pure: the same snapshot and time give the same report, byte for byte. */
export function judge(
  source: string,
  checks: readonly Check[],
  causes: Causes,
  snapshot: Snapshot,
  environment: Environment,
): DoctorReport {
  const summary: Record<Result, number> = { ok: 0, warning: 0, error: 0, skipped: 0, unknown: 0 };
  const byCategory = categories
    .map((name) => ({
      name,
      checks: checks
        .filter((check) => check.category === name)
        .map((check) => judgeOne(check, causes, snapshot, environment)),
    }))
    .filter((category) => category.checks.length > 0);
  for (const category of byCategory) for (const check of category.checks) summary[check.result] += 1;
  return {
    apiVersion: 'airgap.dev/v1alpha1',
    kind: 'DoctorReport',
    source,
    time: environment.now.toISOString(),
    summary,
    categories: byCategory,
  };
}

function judgeOne(check: Check, causes: Causes, snapshot: Snapshot, environment: Environment): ReportCheck {
  const outcome = (result: Result, reason: string | null, findings: readonly ReportFinding[] = []): ReportCheck => ({
    id: check.id,
    title: check.title,
    result,
    reason,
    findings,
  });
  const gaps = check.needs.flatMap((kind) => gapOf(snapshot, kind) ?? []);
  const nothing = gaps.find((gap) => gap.empty);
  if (nothing !== undefined) return outcome(blind(nothing.gap), reasons(gaps.map(({ gap }) => gap.reason)));

  let findings: readonly ReportFinding[];
  let unseen: Unseen | null;
  try {
    unseen = check.unseen?.(snapshot, environment) ?? null;
    const found = check.run(snapshot, environment).map((one) => ({ severity: causes[one.cause].severity, ...one }));
    findings = group(found).map((finding) => lay(finding, causes[finding.cause]));
  } catch (error) {
    // A check that trips over one cluster's data must not cost the rest of the report, nor pass as ok.
    return outcome('unknown', `this check failed on the data it was given: ${messageOf(error)}`);
  }
  const wanted = [...(check.wants ?? [])].flatMap((kind) => gapOf(snapshot, kind) ?? []);
  const reason = reasons(
    [...gaps, ...wanted.filter(({ gap }) => gap.why === 'forbidden' || gap.why === 'failed')]
      .map(({ gap }) => gap.reason)
      .concat(unseen?.reason ?? []),
  );
  if (findings.some((finding) => finding.severity === 'error')) return outcome('error', reason || null, findings);
  if (findings.length > 0) return outcome('warning', reason || null, findings);
  // A list that broke off shows nothing wrong in its first half, which proves nothing of the second.
  return gaps.length > 0 || unseen?.decisive === true ? outcome('unknown', reason) : outcome('ok', reason || null);
}

function gapOf(snapshot: Snapshot, kind: KindName): { gap: Gap; empty: boolean } | undefined {
  const { gap, items } = snapshot[kind];
  return gap === null ? undefined : { gap, empty: items.length === 0 };
}

function blind(gap: Gap): Result {
  return gap.why === 'absent' || gap.why === 'not-asked' ? 'skipped' : 'unknown';
}

function lay(finding: Severe, cause: Cause): ReportFinding {
  const first = finding.objects[0];
  const facts = {
    ...(finding.image === undefined ? {} : { image: finding.image }),
    ...(finding.host === undefined ? {} : { host: finding.host }),
    ...(first?.namespace === undefined ? {} : { namespace: first.namespace }),
    ...(first === undefined ? {} : { name: first.name }),
    ...(first?.node === undefined ? {} : { node: first.node }),
    ...finding.facts,
  };
  return {
    cause: finding.cause,
    severity: finding.severity,
    confidence: finding.confidence,
    scope: finding.scope ?? null,
    image: finding.image ?? null,
    host: finding.host ?? null,
    summary: cause.summary(facts),
    evidence: finding.evidence,
    owner: cause.owner,
    remedy: cause.remedy(facts),
    objects: finding.objects,
  };
}
