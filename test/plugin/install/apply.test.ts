import assert from 'node:assert/strict';
import { test } from 'node:test';
import { replaceObjects } from '../../../plugin/install/apply.ts';
import { fakeApi, json, status } from '../../fake/api-server.ts';

const object = {
  apiVersion: 'admissionregistration.k8s.io/v1',
  kind: 'ValidatingAdmissionPolicy',
  metadata: { name: 'a' },
  spec: {},
};

/** A writer who comes between every reading and writing, `times` times. */
async function replaced(times: number): Promise<{ told: string[]; puts: string[] }> {
  const puts: string[] = [];
  let version = 1;
  await using api = await fakeApi((request, response) => {
    if (request.method === 'GET')
      return json(response, 200, { metadata: { name: 'a', resourceVersion: `${version}` } });
    let body = '';
    request.on('data', (chunk) => (body += String(chunk)));
    request.on('end', () => {
      puts.push((JSON.parse(body) as { metadata: { resourceVersion: string } }).metadata.resourceVersion);
      version += 1;
      if (puts.length <= times) status(response, 409, 'the object has been modified');
      else json(response, 200, {});
    });
  });
  const told: string[] = [];
  await replaceObjects(api.connection, [object], false, (_, done) => told.push(done));
  return { told, puts };
}

test('an object that somebody else writes meanwhile is read and written again', async () => {
  assert.deepEqual(await replaced(2), { told: ['configured'], puts: ['1', '2', '3'] });
});

test('one that is written all the time is told in the end', async () => {
  await assert.rejects(replaced(100), /ValidatingAdmissionPolicy a cannot be applied .*the object has been modified/);
});
