import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { classify } from '../../../../plugin/doctor/pulls/classify.ts';
import { event, examine, pod } from './situation.ts';

/** A fault that was produced with a real kubelet and a real containerd, and what they said of it. */
interface Recorded {
  readonly id: string;
  readonly cause: string;
  readonly image: string;
  /** Empty where the pod got no further than its sandbox. */
  readonly reason: string;
  readonly message: string;
  readonly events: readonly { readonly reason: string; readonly message: string }[];
  readonly runtimeVersion: string;
  readonly kubeletVersion: string;
}

const file = path.resolve(import.meta.dirname, '../../../fixtures/pulls/containerd-2.4-kubelet-1.37.json');
const recorded = JSON.parse(readFileSync(file, 'utf8')) as readonly Recorded[];

for (const { id, cause, image, reason, message, events, runtimeVersion, kubeletVersion } of recorded)
  test(`recorded: ${id} is ${cause}`, () => {
    const situation = {
      gaps: { secrets: { why: 'not-asked', reason: 'not asked for' } } as const,
      runtime: runtimeVersion,
      kubelet: kubeletVersion,
      pods: [pod('app/a', reason === '' ? { reason: 'ContainerCreating', image } : { reason, message, image })],
      events: events.map((one) => event('app/a', one.reason, one.message)),
    };
    const findings = ['AG-IMG-001', 'AG-IMG-002'].flatMap((check) => examine(check, situation).findings);
    const found = findings.map((finding) => finding.cause);
    assert.ok(
      found.some((one) => one === cause),
      `${found.join(', ')}: ${message}`,
    );
    // A second cause stands beside it only where the text fits both; a missing secret comes with what the registry said.
    const sure = findings.filter(({ confidence }) => confidence === 'certain').map((finding) => finding.cause);
    const alone = sure.filter((one) => one !== cause && cause !== 'pull-secret-missing');
    assert.deepEqual(alone, []);
  });

/** An error that a runtime's own library gave when it was set on a server with this fault; hosts were renamed. */
interface FromLibrary {
  readonly library: string;
  readonly id: string;
  readonly causes: readonly string[];
  readonly image: string;
  readonly runtime: string;
  readonly error: string;
}

const libraries = path.resolve(import.meta.dirname, '../../../fixtures/pulls/recorded-libraries.json');

for (const { library, id, causes, image, runtime, error } of JSON.parse(
  readFileSync(libraries, 'utf8'),
) as readonly FromLibrary[])
  test(`recorded from ${library}: ${id} is ${causes.join(' or ')}`, () => {
    const found = classify(error, { image, runtime }).map((verdict) => verdict.cause);
    assert.deepEqual(found, causes, error);
  });
