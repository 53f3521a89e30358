import { AirgapError } from '../shared/errors.ts';
import type { CompiledPolicy } from '../shared/policy/compile.ts';
import { loadPolicies } from '../shared/policy/load.ts';
import { printProblem } from '../shared/policy/problem.ts';
import { openCertificate, readOrRefuse } from './certificate-files.ts';
import { follow } from './follow.ts';
import { jsonLog } from './log.ts';
import { createMetrics } from './metrics.ts';
import type { FileOptions } from './options.ts';
import { serve, type Running, type State } from './serve.ts';

/** Serves with policy and certificate from files, without a cluster. Throws an `AirgapError` where they are not good. */
export async function serveFiles(options: FileOptions, write: (line: string) => void): Promise<Running> {
  const log = jsonLog(write, () => new Date());
  const metrics = createMetrics();
  const policyText = await readOrRefuse(options.policy);
  const served = await openCertificate(options);
  const state: State = {
    knowledge: { policies: startPolicies(options.policy, policyText), namespaces: new Map() },
    settled: () => null,
    policyCurrent: true,
    certificate: served.certificate,
  };
  const running = await serve(options, state, { log, metrics });

  const stopPolicy = follow(
    [options.policy],
    [policyText],
    ([text = '']) => {
      const loaded = loadPolicies(text);
      state.policyCurrent = loaded.ok;
      metrics.policyReload(loaded.ok ? 'ok' : 'invalid');
      if (loaded.ok) {
        state.knowledge = { policies: loaded.value, namespaces: new Map() };
        log('info', 'policy replaced', { policies: loaded.value.map(({ name, mode }) => `${name} (${mode})`) });
      } else {
        const problems = loaded.problems.map((problem) => printProblem(options.policy, problem));
        log('error', 'the changed policy does not load: the last good one stays in force', { problems });
      }
    },
    (problem) => log('error', 'the policy file cannot be read: the last good policy stays in force', { problem }),
  );
  const stopCertificate = served.follow(running.useCertificate, metrics, log);
  return {
    ...running,
    stop: async () => {
      stopPolicy();
      stopCertificate();
      await running.stop();
    },
  };
}

function startPolicies(file: string, text: string): readonly CompiledPolicy[] {
  const loaded = loadPolicies(text);
  if (loaded.ok) return loaded.value;
  const problems = loaded.problems.map((problem) => printProblem(file, problem)).join('\n');
  throw new AirgapError('input', `The policy does not load:\n${problems}`, 'Mend it and start again.');
}
