import assert from 'node:assert/strict';
import { test } from 'node:test';
import { causes } from '../../../plugin/doctor/causes/index.ts';
import { families, type CauseId } from '../../../plugin/doctor/causes/ids.ts';
import { pullFamilies } from './pulls/families.ts';
import { classify } from '../../../plugin/doctor/pulls/classify.ts';

const ids: readonly CauseId[] = pullFamilies.flatMap((family) => families[family]);

const facts = {
  image: 'registry.example.com/team/app:1.0',
  host: 'registry.example.com:5000',
  upstream: 'docker.io',
  role: 'registry',
  namespace: 'app',
  name: 'web-1',
  node: 'worker-1',
  runtime: 'containerd',
  server: '192.0.2.53:53',
  secret: 'registry-login',
  secrets: 'registry-login',
};

/** What a person may put in a name, and a shell would take for more than a name. */
const hostile = `x'; touch /tmp/owned; echo "$(id)\`id\``;

for (const id of ids) {
  const cause = causes[id];
  test(`${id} says what it is, how to confirm it and how to cure it`, () => {
    assert.match(cause.title, /^[a-z].{10,90}[^.]$/);
    assert.ok(cause.explanation.split(/[.:;] /).length >= 2, 'an explanation of one breath');
    assert.match(cause.explanation, /\.$/);
    assert.ok(cause.confirm.some((line) => line.startsWith('$ ')));
    const remedy = cause.remedy(facts);
    assert.ok(
      remedy.some((line) => line.startsWith('$ ')),
      'a remedy without a command',
    );
    for (const text of [cause.summary(facts), ...remedy]) {
      assert.doesNotMatch(text, /undefined|\[object/);
      assert.doesNotMatch(text, /\s$/);
    }
    assert.doesNotMatch(cause.summary(facts), /\.$/);
  });

  test(`${id}: names of a report stand in its commands, and none is left for the reader`, () => {
    const placeholders = cause
      .remedy(facts)
      .filter((line) => line.startsWith('$ '))
      .flatMap((line) => line.match(/\b(?:IMAGE|HOST|NAMESPACE|NAME|NODE|SECRET)\b/g) ?? []);
    assert.deepEqual(placeholders, []);
  });

  test(`${id}: a hostile name stays one word of a command`, () => {
    const names = Object.fromEntries(Object.keys(facts).map((name) => [name, hostile]));
    for (const line of [...cause.remedy(names), ...cause.remedy({ ...names, why: 'elsewhere', from: hostile })])
      if (line.startsWith('$ ')) assert.doesNotMatch(unquoted(line), /touch|\$\(id\)|`id`/, line);
  });

  if (cause.example !== undefined && id !== 'pull-secret-missing')
    test(`${id}: its example is taken for it`, () => {
      const example = cause.example ?? '';
      const image = /image "([^"]+)"/.exec(example)?.[1];
      const found = classify(example, image === undefined ? {} : { image }).map((verdict) => verdict.cause);
      assert.ok(found.includes(id), `${found.join(', ')}: ${example}`);
    });
}

/** What a shell would see outside of quotes: single-quoted parts and escaped characters taken out. */
function unquoted(command: string): string {
  return command.replaceAll(/'[^']*'|\\./g, '');
}
