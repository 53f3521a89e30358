import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { families, type CauseId } from '../../../../plugin/doctor/causes/ids.ts';
import { classify } from '../../../../plugin/doctor/pulls/classify.ts';
import { pullFamilies } from './families.ts';

/** A whole message as the kubelet prints it: its own words, those about sandboxes and volumes, and what is none of ours. */
interface Message {
  readonly causes: readonly string[];
  readonly source: string;
  readonly message: string;
  readonly image?: string;
  readonly runtime?: string;
  readonly kubelet?: string;
  /** The reference that must be found in the message. */
  readonly reference?: string;
}

const fixtures = path.resolve(import.meta.dirname, '../../../fixtures/pulls');
const read = (file: string): unknown => JSON.parse(readFileSync(path.join(fixtures, file), 'utf8'));
const messages = read('messages.json') as readonly Message[];

for (const { causes, source, message, reference, ...circumstances } of messages)
  test(`${causes.join(' or ')}: ${source}`, () => {
    const verdicts = classify(message, circumstances);
    assert.deepEqual(
      verdicts.map(({ cause }) => cause),
      causes,
      message,
    );
    if (reference !== undefined) assert.equal(verdicts[0].image, reference);
  });

test('every cause that a message can have is shown in at least three of them', () => {
  const errors = ['containerd.json', 'cri-o.json', 'docker.json'].flatMap(
    (file) => read(file) as readonly { readonly causes: readonly string[] }[],
  );
  const count = new Map<string, number>();
  const add = (cause: string, by: number): unknown => count.set(cause, (count.get(cause) ?? 0) + by);
  // Each error stands for the old form, the new form, the back-off and the event.
  for (const { causes } of errors) for (const cause of causes) add(cause, 4);
  for (const { causes } of messages) for (const cause of causes) add(cause, 1);
  // A missing pull secret has no text of its own in a pull, and what only differs from a lock or a tag fails no pull: other checks tell.
  const silent = new Set<CauseId>(['pull-secret-missing', 'mirror-drift', 'not-locked']);
  const ids: readonly CauseId[] = pullFamilies.flatMap((family) => families[family]);
  const missing = ids.filter((id) => !silent.has(id) && (count.get(id) ?? 0) < 3);
  assert.deepEqual(missing, []);
});
