import { startControlPlane } from '../../cluster/cluster.ts';
import { measure } from './measure.ts';
import { admissionSection } from './report.ts';
import { setStage } from './stage.ts';

/** What the policy adds to the creation of a pod, by the built webhook, by its CEL form and by both. */
export async function benchAdmission(rounds: number, say: (line: string) => void): Promise<string> {
  const turn = 10;
  await using cluster = await startControlPlane();
  using _stage = await setStage(cluster);
  say(`Creating pods as dry runs, ${rounds} rounds…`);
  return admissionSection(await measure(cluster, rounds, turn), rounds, turn);
}
