import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startCluster } from '../cluster-with-node.ts';
import { waitFor } from '../processes.ts';
import { startLoad } from './load.ts';
import { broken, faults, prepare, suffer } from './reliability.ts';
import { imagesOf, podsOf } from './webhook-pods.ts';

const { quiet, killOne, killBoth, rotateAndReplace, apiServer, everything } = faults;
const chosen = [quiet, killOne, killBoth, rotateAndReplace, apiServer, everything];

test('faults while pods are created all the time: nothing external gets in, and nothing deadlocks', async () => {
  await using cluster = await startCluster({ services: true });
  await prepare(cluster);
  {
    await using load = startLoad(cluster);
    const tallies = await suffer(cluster, load, chosen);
    assert.deepEqual(await broken(cluster, chosen, tallies), []);
    assert.ok(tallies.reduce((sum, { ran }) => sum + ran.size, 0) > 5, 'pods really ran meanwhile');
  }
  await waitFor('the Deployment has its pods again', async () => {
    const pods = await podsOf(cluster, 'default', 'app=web');
    return pods.length === 2 && pods.every(({ status }) => status.phase === 'Running');
  });
  for (const pod of await podsOf(cluster))
    for (const image of imagesOf(pod)) assert.match(image, /^registry\.example\.com\//);
});
