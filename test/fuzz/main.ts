/** `npm run fuzz [COUNT] [SEED]`: a million reviews unless told otherwise. */
import process from 'node:process';
import { fuzz } from './fuzz.ts';

const [count = 1_000_000, seed = 20_261_122] = process.argv.slice(2).map(Number);
if (!(Number.isSafeInteger(count) && count > 0 && Number.isSafeInteger(seed))) {
  console.error('Usage: npm run fuzz [COUNT] [SEED], both whole numbers.');
  process.exit(2);
}
const started = performance.now();
const { letIn, turnedAway } = fuzz(count, seed);
const seconds = ((performance.now() - started) / 1000).toFixed(1);
console.log(`${count} reviews in ${seconds} s: ${letIn} let in, ${turnedAway} turned away, no crash, no bypass`);
