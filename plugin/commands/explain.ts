import { command } from './command.ts';
import { subjects } from './explain/index.ts';

export const explain = command({
  name: 'explain',
  describe: 'Say what a check or a cause means, how to confirm it by hand and how to cure it',
  details: ['Without an id it lists all of them. The text is in the program: no cluster and no network is asked.'],
  examples: [
    ['What does this cause mean?', 'kubectl airgap explain tls-unknown-authority'],
    ['What does this check look at?', 'kubectl airgap explain AG-IMG-001'],
    ['List every check and cause', 'kubectl airgap explain'],
  ],
  operand: { name: 'id', describe: 'of a check or a cause', many: false, required: false, complete: 'ids' },
  subcommands: subjects,
  flags: {
    output: { type: 'string', short: 'o', value: 'FORMAT', choices: ['json'], describe: 'print JSON instead' },
  },
  run: async ({ operands: [id], output }, io) => {
    const { explain, explanations } = await import('../doctor/explanation.ts');
    const found = id === undefined ? explanations() : explain(id);
    if (output === 'json') {
      const { jsonText } = await import('../render/json.ts');
      io.print(jsonText(Array.isArray(found) ? { kind: 'List', items: found } : found));
      return 0;
    }
    const { explanationList, explanationText } = await import('../render/explanation.ts');
    io.print('length' in found ? explanationList(found, io.terminal) : explanationText(found, io.terminal));
    return 0;
  },
});
