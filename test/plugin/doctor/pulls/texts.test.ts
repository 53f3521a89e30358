import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { classify } from '../../../../plugin/doctor/pulls/classify.ts';

/** One error of a runtime, as its source composes it, and what it must be taken for. */
interface Text {
  readonly causes: readonly string[];
  /** Which part of the runtime composes the text. */
  readonly source: string;
  readonly image: string;
  readonly runtime: string;
  readonly error: string;
  /** The gRPC code that newer runtimes send, where it is not Unknown. */
  readonly code?: string;
  readonly host?: string;
  readonly role?: string;
}

const fixtures = path.resolve(import.meta.dirname, '../../../fixtures/pulls');

/** The shapes in which one error reaches a pod's status or its events. */
function shapes({ error, image, code }: Text): Record<string, string> {
  const withCode = code === undefined ? error : `rpc error: code = ${code} desc = ${error}`;
  return {
    'the old form': `rpc error: code = ${code ?? 'Unknown'} desc = ${error}`,
    'the new form': withCode,
    'the back-off': `Back-off pulling image "${image}": ErrImagePull: ${withCode}`,
    'the event': `Failed to pull image "${image}": rpc error: code = ${code ?? 'Unknown'} desc = ${error}`,
  };
}

for (const file of ['containerd.json', 'cri-o.json', 'docker.json']) {
  const texts = JSON.parse(readFileSync(path.join(fixtures, file), 'utf8')) as readonly Text[];
  for (const text of texts)
    test(`${file}: ${text.causes.join(' or ')}: ${text.source}`, () => {
      for (const [shape, message] of Object.entries(shapes(text))) {
        const verdicts = classify(message, { image: text.image, runtime: text.runtime });
        assert.deepEqual(
          verdicts.map(({ cause }) => cause),
          text.causes,
          `${shape}: ${message}`,
        );
        if (text.host !== undefined) assert.equal(verdicts[0].host, text.host, message);
        if (text.role !== undefined) assert.equal(verdicts[0].role, text.role, message);
        // Two causes for one text are both only likely; two attempts in one text have a cause each.
        if (verdicts.length > 1 && !text.error.includes('Mirrors also failed'))
          assert.ok(verdicts.every(({ confidence }) => confidence === 'likely'));
      }
    });
}
