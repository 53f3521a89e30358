import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readPod } from '../../../shared/kube/pod.ts';
import { readRefused, refusalIn } from '../../../shared/kube/refused.ts';

const read = readRefused('Deployment');
const refusal = 'pods is forbidden: User "a" cannot list resource "pods" in API group "" at the cluster scope';

test('only objects that tell of a refusal are kept, with those messages alone', () => {
  const metadata = { namespace: 'app', name: 'x' };
  const conditions = [{ message: 'fine' }, { message: refusal }, { message: 7 }, 'odd'];
  assert.deepEqual(read({ metadata, status: { conditions } })?.messages, [refusal]);
  assert.equal(read({ metadata, status: { conditions: [{ message: 'fine' }] } }), undefined);
  assert.equal(read({ metadata, status: { conditions: 'odd', operationState: [] } }), undefined);
  assert.equal(read({}), undefined);
});

test('a long message is cut, and a secret in it is taken out', () => {
  assert.ok((refusalIn(`forbidden ${'x'.repeat(1_000_000)}`)?.length ?? 0) <= 16 * 1024);
  assert.equal(
    refusalIn('forbidden: GET https://u:secret@example.com/'),
    'forbidden: GET https://[redacted]@example.com/',
  );
});

test('of a container only a last message that tells of a refusal is kept', () => {
  const status = (message: string) =>
    readPod({ status: { containerStatuses: [{ lastState: { terminated: { message } } }] } }).statuses[0];
  assert.equal(status(refusal)?.refusal, refusal);
  assert.ok(!('refusal' in (status('exit status 1') ?? {})));
});
