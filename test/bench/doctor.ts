import { statSync } from 'node:fs';
import { loadavg } from 'node:os';
import path from 'node:path';
import { startControlPlane } from '../cluster/control-plane/start.ts';
import { onLoopback } from '../cluster/place.ts';
import { releaseSlot, takeSlot } from '../cluster/state.ts';
import { fill } from './fill.ts';
import { interleaved, run } from './measure.ts';
import { report } from './report.ts';
import { startUp } from './start-up.ts';

const root = path.resolve(import.meta.dirname, '../..');
const node = process.execPath;
const program = [node, path.join(root, 'dist/kubectl-airgap.mjs')];
const pods = 20_000;
const rounds = 7;

/** Fills a real API server and measures doctor on it, on a recording of it, and start-up. */
export async function benchDoctor(say: (line: string) => void): Promise<string> {
  const slot = takeSlot();
  try {
    const plane = await startControlPlane(onLoopback(slot));
    try {
      // Nothing may work on the pods while they are read: no scheduling, no eviction from nodes that do not exist.
      for (const controller of plane.programs.slice(0, 2)) await controller.stop();
      say(`Filling the API server with ${pods} pods…`);
      await fill(plane.api, pods, say);
      const env = { ...process.env, KUBECONFIG: plane.kubeconfig, NODE_OPTIONS: '', NO_COLOR: '1' };
      const dump = path.join(slot.directory, 'dump.tar.gz');
      const doctor = [...program, 'doctor', 'pulls', '-o', 'json', '--no-progress'];
      const commands = {
        get: [
          node,
          path.join(root, 'test/bench/bare-get.ts'),
          plane.server,
          path.join(slot.directory, 'control-plane/pki'),
        ],
        live: doctor,
        dump: [...doctor, '--from', dump],
      };
      say('Recording…');
      const recording = await run([...program, 'dump', '-o', dump, '--no-progress'], env);
      if (recording.exitCode !== 0) throw new Error(recording.stdout);
      say(`Measuring ${rounds} rounds…`);
      const results = await interleaved(commands, rounds, env);
      return report({
        pods,
        rounds,
        results,
        startUp: startUp(),
        load: loadavg()[2] ?? 0,
        recording,
        dumpBytes: statSync(dump).size,
      });
    } finally {
      await plane.stop();
    }
  } finally {
    releaseSlot(slot);
  }
}
