import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { readPolicy } from '../../../shared/policy/load.ts';
import { decide } from '../../../shared/policy/decide.ts';
import { policyDocument, policyWith } from './policies.ts';

const policy = policyWith();
const sha = `sha256:${'0123456789abcdef'.repeat(4)}`;

const vectors: readonly (readonly [image: string, action: string, result: string | null])[] = [
  ['nginx', 'rewrite', 'my-registry.local/library/nginx'],
  ['nginx:1.27', 'rewrite', 'my-registry.local/library/nginx:1.27'],
  [`nginx:1.27@${sha}`, 'rewrite', `my-registry.local/library/nginx:1.27@${sha}`],
  [`docker.io/library/nginx@${sha}`, 'rewrite', `my-registry.local/library/nginx@${sha}`],
  ['index.docker.io/nginx:1', 'rewrite', 'my-registry.local/library/nginx:1'],
  ['quay.io/a/b:1', 'rewrite', 'my-registry.local/quay/a/b:1'],
  ['quay.io/special/one:1', 'rewrite', 'other.local:5000/one:1'],
  ['quay.io/special/one/more:1', 'rewrite', 'other.local:5000/one/more:1'],
  ['quay.io/special/onemore:1', 'rewrite', 'my-registry.local/quay/special/onemore:1'],
  ['quay.io/own/app:1', 'allow', 'quay.io/own/app:1'],
  ['my-registry.local/library/nginx', 'allow', 'my-registry.local/library/nginx'],
  ['my-registry.local/anything', 'allow', 'my-registry.local/anything'],
  ['other.local:5000/one/x', 'allow', 'other.local:5000/one/x'],
  ['other.local:5000/two', 'reject', 'other.local:5000/two'],
  ['my-registry.local.evil.com/x', 'reject', 'my-registry.local.evil.com/x'],
  ['my-registry.local:5000/x', 'reject', 'my-registry.local:5000/x'],
  ['MY-REGISTRY.local/x', 'reject', 'MY-REGISTRY.local/x'],
  ['quay.iox/a', 'reject', 'quay.iox/a'],
  ['bitnami/redis', 'reject', 'bitnami/redis'],
  ['library2/nginx', 'reject', 'library2/nginx'],
  ['docker.io:443/library/nginx', 'reject', 'docker.io:443/library/nginx'],
  ['Nginx', 'invalid', null],
  ['', 'invalid', null],
];

for (const [image, action, result] of vectors)
  test(`${image === '' ? 'the empty image' : image}: ${action}`, () => {
    const decision = decide(policy, image);
    assert.deepEqual([decision.action, decision.result, decision.image], [action, result, image]);
    assert.equal(decision.rule !== null, action === 'rewrite');
    assert.equal(decision.normalized === null, action === 'invalid');
  });

test('the reason of a rejection names the prefix that would help', () => {
  assert.match(decide(policy, 'bitnami/redis:7').reason, /sourcePrefix docker\.io\/bitnami to policy default/);
});

test('a target that is a host alone never stands for a whole repository', () => {
  const whole = policyWith({ mirrors: [{ sourcePrefix: 'quay.io/app', targetPrefix: 'r.local' }] });
  assert.equal(decide(whole, 'quay.io/app:1').action, 'reject');
  assert.equal(decide(whole, 'quay.io/app/x:1').result, 'r.local/x:1');
});

test('a result that is too long is a rejection that says so', () => {
  const long = policyWith({ mirrors: [{ sourcePrefix: 'quay.io', targetPrefix: `r.local/${'a'.repeat(200)}` }] });
  const decision = decide(long, `quay.io/${'b'.repeat(100)}`);
  assert.equal(decision.action, 'reject');
  assert.match(decision.reason, /at most 255/);
});

test('a name that its own rule cannot take is not led to a source by the next rule', () => {
  const read = readPolicy(
    policyDocument({
      mirrors: [
        { sourcePrefix: 'docker.io/x/y', targetPrefix: 'r.local' },
        { sourcePrefix: 'docker.io', targetPrefix: 'a.b' },
        { sourcePrefix: 'a.b/x/y', targetPrefix: 'c.d/z' },
      ],
    }),
  );
  assert.equal(read.ok, false);
});

const hosts = ['docker.io', 'index.docker.io', 'a.b', 'c.d:5000', '[::1]:80', 'localhost'];
const segments = ['library', 'x', 'y', 'z'];
const repository = fc
  .tuple(fc.constantFrom(...hosts), fc.array(fc.constantFrom(...segments), { maxLength: 3 }))
  .map(([host, path]) => [host, ...path].join('/'));
const image = fc
  .tuple(fc.oneof(repository, fc.constantFrom(...segments, 'x/y')), fc.constantFrom('', ':1', `@${sha}`, `:1@${sha}`))
  .map((parts) => parts.join(''));
const mirrors = fc.array(fc.record({ sourcePrefix: repository, targetPrefix: repository }), { maxLength: 4 });

test('in every policy that loads, a result is final, allowed, and keeps tag and digest', () => {
  let loaded = 0;
  const property = fc.property(
    mirrors,
    fc.array(repository, { maxLength: 2 }),
    image,
    (rules, allowedPrefixes, written) => {
      const read = readPolicy(policyDocument({ mirrors: rules, allowedPrefixes }));
      if (!read.ok) return;
      loaded += 1;
      const decision = decide(read.value, written);
      if (decision.action === 'allow') assert.equal(decision.result, written);
      if (decision.action !== 'rewrite') return;
      assert.notEqual(decision.result, null);
      assert.equal(decide(read.value, decision.result ?? '').action, 'allow');
      assert.equal(/(:1)?(@.*)?$/.exec(decision.result ?? '')?.[0], /(:1)?(@.*)?$/.exec(written)?.[0]);
    },
  );
  fc.assert(property, { numRuns: 5000 });
  assert.ok(loaded > 2000, `only ${loaded} policies loaded`);
});
