import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { test } from 'node:test';
import { originalImages } from '../../shared/kube/annotation.ts';
import { celObjects } from '../../shared/policy/cel/objects.ts';
import type { CompiledPolicy } from '../../shared/policy/compile.ts';
import { judge, type Change } from '../../shared/policy/judge.ts';
import { readPolicy } from '../../shared/policy/load.ts';
import { namespaceNamed } from '../../shared/policy/namespace.ts';
import { readOriginals } from '../../shared/policy/patch.ts';
import { imagesOf, placementOf } from '../../shared/policy/positions.ts';
import { tool } from '../cluster/tools/build.ts';
import { applyPatch } from '../shared/policy/apply-patch.ts';
import { anyPod, anyPolicy, likelyPolicy } from './policies.ts';
import { random } from './references.ts';

const seed = Number(process.env['SEED'] ?? 20261122);
const crd = path.join(import.meta.dirname, '../../plugin/install/crd.generated.json');

async function ask<Answer>(args: readonly string[], questions: readonly object[]): Promise<Answer[]> {
  const input = questions.map((question) => JSON.stringify(question)).join('\n');
  const program = await tool('admission-judge');
  const out = execFileSync(program, args, { input, maxBuffer: 1 << 30, stdio: ['pipe', 'pipe', 'inherit'] });
  return out
    .toString()
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Answer);
}

test('the API server takes what the loader takes, and little more', async () => {
  const next = random(seed);
  const policies = Array.from({ length: 20_000 }, () => anyPolicy(next));
  const answers = await ask<string[]>(['resources', crd], policies);
  let taken = 0;
  let more = 0;
  answers.forEach((refusals, index) => {
    const policy = policies[index];
    const loaded = readPolicy(policy);
    if (loaded.ok) {
      taken += 1;
      assert.deepEqual(refusals, [], JSON.stringify(policy));
    } else if (refusals.length === 0) {
      more += 1;
      // Three loops would be needed to see these.
      for (const { message } of loaded.problems)
        assert.match(message, /would be rewritten again/, JSON.stringify(policy));
    }
  });
  assert.ok(taken > 3000 && more < taken / 50, `${taken} taken by both, ${more} by the API server alone`);
});

interface Answer {
  readonly object: { readonly metadata: { readonly annotations?: Record<string, string> }; readonly spec: object };
  readonly errors: readonly string[] | null;
  readonly denials: readonly string[] | null;
}

test('what the API server makes of pods and templates by the CEL form is what the webhook makes of them', async () => {
  const next = random(seed);
  const policies = Array.from({ length: 200 }, () => readPolicy(likelyPolicy(next))).flatMap((loaded) =>
    loaded.ok ? [loaded.value] : [],
  );
  const questions = policies.map((policy) => ({
    Policies: celObjects([policy]).filter(({ kind }) => !kind.endsWith('Binding')),
    Requests: Array.from({ length: 25 }, () => requestFor(next, [...policy.verdicts.keys()])),
  }));
  const answers = await ask<Answer[]>([], questions);
  let rewritten = 0;
  let rejected = 0;
  policies.forEach((policy, index) =>
    questions[index]?.Requests.forEach((request, at) => {
      const theirs = answers[index]?.[at];
      const mine = byWebhook(policy, request);
      rewritten += Number(Object.keys(mine.originals).length > 0);
      rejected += Number(mine.rejected);
      const asked = JSON.stringify({ verdicts: [...policy.verdicts], request });
      assert.deepEqual(theirs?.errors ?? [], [], asked);
      assert.deepEqual({ ...seen(theirs?.object), rejected: (theirs?.denials ?? []).length > 0 }, mine, asked);
    }),
  );
  assert.ok(rewritten > 200 && rejected > 700, `${rewritten} rewritten, ${rejected} rejected`);
});

interface Request {
  readonly Operation: 'CREATE' | 'UPDATE';
  readonly Group: string;
  readonly Kind: string;
  readonly Resource: string;
  readonly Object: object;
  readonly OldObject: object | null;
}

function requestFor(next: () => number, prefixes: readonly string[]): Request {
  const pods = { Group: '', Kind: 'Pod', Resource: 'pods' };
  const way = next();
  if (way < 0.6) return { ...pods, Operation: 'CREATE', Object: anyPod(next, prefixes), OldObject: null };
  const OldObject = anyPod(next, prefixes);
  if (way < 0.8) return { ...pods, Operation: 'UPDATE', Object: anyPod(next, prefixes, OldObject), OldObject };
  const template = (): object => ({ metadata: { name: 'p' }, spec: { template: anyPod(next, prefixes) } });
  const deployments = { Group: 'apps', Kind: 'Deployment', Resource: 'deployments' };
  return { ...deployments, Operation: 'CREATE', Object: template(), OldObject: null };
}

function byWebhook(policy: CompiledPolicy, request: Request): ReturnType<typeof seen> & { rejected: boolean } {
  const change: Change = {
    group: request.Group,
    kind: request.Kind,
    subResource: '',
    operation: request.Operation,
    namespace: namespaceNamed('team'),
    object: request.Object,
    oldObject: request.OldObject,
  };
  const object = applyPatch(request.Object, judge(policy, change, 'mutate').patch) as Answer['object'];
  return { ...seen(object), rejected: judge(policy, { ...change, object }, 'validate').rejection !== null };
}

/** What of an object is compared: images in their places, pull secrets, and what is noted of the former images. */
function seen(object: Answer['object'] | undefined) {
  const placement = placementOf('', 'Pod');
  const { imagePullSecrets = [] } = (object?.spec ?? {}) as { imagePullSecrets?: { name: string }[] };
  return {
    images: placement === null ? [] : imagesOf(object, placement).map(({ owner, image }) => `${owner}=${image}`),
    secrets: imagePullSecrets.map(({ name }) => name),
    originals: readOriginals(object?.metadata.annotations?.[originalImages]),
  };
}
