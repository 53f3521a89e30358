import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { familiar, normalize, parseReference, suffixOf } from '../../../shared/image/reference.ts';
import { anyText } from '../../any-text.ts';

const hex = 'a'.repeat(64);

const good: readonly (readonly [written: string, normalized: string, familiar: string])[] = [
  ['nginx', 'docker.io/library/nginx', 'nginx'],
  ['nginx:1.27', 'docker.io/library/nginx:1.27', 'nginx:1.27'],
  ['a/b', 'docker.io/a/b', 'a/b'],
  ['library/nginx', 'docker.io/library/nginx', 'nginx'],
  ['library/a/b', 'docker.io/library/a/b', 'library/a/b'],
  ['docker.io/nginx', 'docker.io/library/nginx', 'nginx'],
  ['index.docker.io/nginx:1', 'docker.io/library/nginx:1', 'nginx:1'],
  [`quay.io/a/b:v1@sha256:${hex}`, `quay.io/a/b:v1@sha256:${hex}`, `quay.io/a/b:v1@sha256:${hex}`],
  [`x@sha512:${hex}${hex}`, `docker.io/library/x@sha512:${hex}${hex}`, `x@sha512:${hex}${hex}`],
  ['localhost/x', 'localhost/x', 'localhost/x'],
  ['localhost', 'docker.io/library/localhost', 'localhost'],
  ['registry:5000/x:y', 'registry:5000/x:y', 'registry:5000/x:y'],
  ['[2001:db8::1]:5000/x', '[2001:db8::1]:5000/x', '[2001:db8::1]:5000/x'],
  ['[::1]/x', '[::1]/x', '[::1]/x'],
  ['CORP/x', 'CORP/x', 'CORP/x'],
  ['DOCKER.IO/x', 'DOCKER.IO/x', 'DOCKER.IO/x'],
  ['my_host.corp/x:1', 'my_host.corp/x:1', 'my_host.corp/x:1'],
  [`quay.io/${hex}`, `quay.io/${hex}`, `quay.io/${hex}`],
  [`${'a'.repeat(247)}:1`, `docker.io/library/${'a'.repeat(247)}:1`, `${'a'.repeat(247)}:1`],
];

for (const [written, normalized, short] of good)
  test(`${written.slice(0, 60)} is read`, () => {
    const parsed = parseReference(written);
    assert.ok(parsed.ok);
    assert.equal(normalize(parsed.reference), normalized);
    assert.equal(familiar(parsed.reference), short);
    assert.equal(parsed.reference.written, written);
  });

const bad: readonly (readonly [written: string, reason: RegExp])[] = [
  ['', /empty: write a name/],
  [' nginx', /white space around "nginx"/],
  ['my app', /white space inside/],
  ['nginx\n', /white space around "nginx"/],
  ['{{ .Values.image }}', /placeholder/],
  ['quay.io/a:$(TAG)', /placeholder/],
  ['https://quay.io/a', /write "quay.io\/a", without "https:\/\/"/],
  [hex, /NAME@sha256:aaaa/],
  ['quay.io/Team/App:1', /lower-case: write "team\/app"/],
  ['Nginx', /lower-case: write "nginx" in place of "Nginx"/],
  [`a_b.corp/${'a'.repeat(250)}`, /counts as a part of the path, which has 259 characters/],
  ['a//b', /empty: remove the doubled/],
  ['quay.io/', /no name after the host/],
  ['quay.io/a/', /empty: remove the doubled or trailing/],
  ['/nginx', /starts with a slash/],
  ['a..b/c', /is no host/],
  ['nginx:1.27/x', /"1.27" is no port/],
  ['[fe80::1%eth0]/x', /has a zone/],
  ['[::1/x', /malformed: write it as \[ADDRESS\]:PORT/],
  ['::1/x', /brackets/],
  ['my_host.corp:80/x', /no underscore/],
  ['nginx:', /tag after ":" is empty/],
  ['nginx:-x', /begins with/],
  ['nginx:a+b', /"\+" is not allowed in a tag/],
  [`nginx:${'a'.repeat(129)}`, /129 characters and at most 128/],
  ['a'.repeat(248), /256 characters and at most 255/],
  ['nginx@', /incomplete/],
  ['nginx@sha256', /incomplete/],
  [`nginx@md5:${'a'.repeat(32)}`, /no digest algorithm "md5": use sha256/],
  [`nginx@sha256:${'a'.repeat(63)}`, /64 hexadecimal digits, this one has 63/],
  [`nginx@sha256:${'A'.repeat(64)}`, /lower-case/],
  [`nginx@sha256:${'g'.repeat(64)}`, /not hexadecimal/],
  ['a-/b', /"a-" is malformed/],
  ['a/b$c', /"\$" is not allowed/],
];

for (const [written, reason] of bad)
  test(`${JSON.stringify(written).slice(0, 60)} is refused`, () => {
    const parsed = parseReference(written);
    assert.ok(!parsed.ok);
    assert.match(parsed.reason, reason);
  });

test('reading what was printed gives the same reference, and the suffix is what was written', () => {
  const alphabet = fc.constantFrom(
    ...'aZ09.-_:/@[]'.split(''),
    'docker.io/',
    'library/',
    'localhost/',
    `@sha256:${hex}`,
    'nginx',
  );
  const image = fc.array(alphabet, { maxLength: 12 }).map((parts) => parts.join(''));
  fc.assert(
    fc.property(image, (written) => {
      const parsed = parseReference(written);
      if (!parsed.ok) return;
      const again = parseReference(normalize(parsed.reference));
      assert.ok(again.ok);
      assert.deepEqual({ ...again.reference, written }, parsed.reference);
      assert.ok(written.endsWith(suffixOf(parsed.reference)));
    }),
    { numRuns: 3000 },
  );
});

test('any string gives a reference or one sentence, and a megabyte of anything comes to an end', () => {
  fc.assert(
    fc.property(anyText({ maxLength: 200 }), (written) => {
      const parsed = parseReference(written);
      if (!parsed.ok) assert.ok(parsed.reason.length > 10 && !parsed.reason.includes('\n'));
    }),
  );
  for (const unit of ['a', 'a.', 'a-', '-', '_', 'a/', '.', ':', '@', '[', 'A', ' ', '{', '<'])
    for (const end of ['', '!', '/x', '/x!']) parseReference(unit.repeat(1_000_000) + end);
});
