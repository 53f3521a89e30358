import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { AirgapError, messageOf } from '../shared/errors.ts';
import type { Json } from '../shared/kube/json.ts';
import type { CompiledPolicy } from '../shared/policy/compile.ts';
import { selectsByLabels } from '../shared/policy/namespace.ts';
import { readCertificate, type ServingCertificate } from './certificate.ts';
import { openCertificate } from './certificate-files.ts';
import { connect, type Api } from './cluster/api.ts';
import { askedUnder, changesFor } from './cluster/asked.ts';
import { maintain, servingCertificate, type Place } from './cluster/certificates.ts';
import { patchConfigurations } from './cluster/configurations.ts';
import { report } from './cluster/event.ts';
import { leaseOf } from './cluster/lease.ts';
import { createNamespaces } from './cluster/namespaces.ts';
import { createStore } from './cluster/policy-store.ts';
import { writeStatus } from './cluster/status.ts';
import { keep } from './cluster/watch.ts';
import { jsonLog, type Log } from './log.ts';
import { createMetrics } from './metrics.ts';
import type { ClusterOptions } from './options.ts';
import { serve, type Running, type State } from './serve.ts';

/** Between two looks at Secret, Lease and status; a third of what a lease lasts. */
const beat = 5000;

/** Serves by the policies of the cluster. Waits for an API server that is away. */
export async function serveCluster(options: ClusterOptions, write: (line: string) => void): Promise<Running> {
  const log = jsonLog(write, () => new Date());
  const metrics = createMetrics();
  const stopping = new AbortController();
  const { api, namespace } = await openApi(options);
  const followed = options.tls === null ? null : await openCertificate(options.tls);
  const place = placeOf(options, namespace);
  const lease = leaseOf(api, namespace, options.service, options.identity);
  const duties = async (): Promise<boolean> => {
    const holds = await lease.hold(new Date());
    if (!holds || followed !== null) return holds;
    const done = await maintain(api, place, new Date());
    if (done !== 'nothing') log('info', `made a new ${done === 'leaf' ? 'certificate' : 'authority and certificate'}`);
    return true;
  };

  const namespaces = createNamespaces();
  const state: State = {
    knowledge: null,
    settled: (namespace) =>
      state.knowledge?.policies.some(selectsByLabels) === true ? namespaces.settled(namespace) : null,
    policyCurrent: false,
    certificate: followed?.certificate ?? (await firstCertificate(api, place, duties, log)),
  };
  const running = await serve(options, state, {
    log,
    metrics,
    looping: (loop) => {
      void report(api, loop, options.identity, new Date()).catch((error: unknown) => {
        log('warning', 'an Event could not be written', { problem: messageOf(error) });
      });
    },
  });
  const store = createStore();
  let objects: ReadonlyMap<string, Json> = new Map();
  let policies: readonly CompiledPolicy[] | null = null;
  const know = (): void => {
    const known = namespaces.known();
    if (policies !== null && known !== null) state.knowledge = { policies, namespaces: known };
  };
  let tendNow = (): void => {};
  const trouble = (problem: string): void =>
    log('warning', 'the API server cannot be watched: what is known stays', { problem });
  void keep(
    api,
    '/apis/airgap.dev/v1alpha1/airgappolicies',
    (now) => {
      objects = now;
      policies = store.take(now);
      know();
      const invalid = store.verdicts([]).filter(({ reason }) => reason === 'Invalid');
      state.policyCurrent = invalid.length === 0;
      metrics.policyReload(invalid.length === 0 ? 'ok' : 'invalid');
      for (const { name, message } of invalid)
        log('error', 'a policy does not load', { policy: name, problem: message });
      log('info', 'policies read', {
        policies: policies.map(({ name, mode, generation }) => `${name} (${mode}, generation ${generation})`),
      });
      // What the API server does not ask about must not outlast a stricter policy.
      tendNow();
    },
    trouble,
    stopping.signal,
  );
  void keep(
    api,
    '/api/v1/namespaces',
    (now) => {
      namespaces.take(now);
      know();
    },
    trouble,
    stopping.signal,
  );

  const tend = async (): Promise<void> => {
    const holds = await duties();
    const known = namespaces.known();
    if (!holds || policies === null || known === null) return;
    const asked = askedUnder(policies, known);
    if (await patchConfigurations(api, options.service, (webhooks, does) => changesFor(asked, webhooks, does)))
      log('info', 'configurations follow the policies', {
        exempt: asked.exempt,
        custom: asked.custom.map(({ kind }) => kind),
      });
    const problems = await writeStatus(api, store.verdicts([...known.values()]), objects, new Date());
    if (problems.length > 0) log('warning', 'the status of a policy cannot be written', { problems });
  };
  const renew = async (): Promise<void> => {
    const issued = await servingCertificate(api, place);
    if (issued === null || issued.cert === state.certificate.cert) return;
    const next = readCertificate(issued.cert, issued.key);
    metrics.certificateReload(next.ok ? 'ok' : 'invalid');
    if (!next.ok) return;
    running.useCertificate(next.certificate);
    log('info', 'certificate replaced', { notAfter: next.certificate.notAfter.toISOString() });
  };
  tendNow = repeat('lease, configurations and status cannot be tended', tend, log, stopping.signal);
  // Apart from the duties of the one writer: a replica that cannot have the lease must not miss a new certificate.
  if (followed === null) repeat('the Secret cannot be read', renew, log, stopping.signal);
  else stopping.signal.addEventListener('abort', followed.follow(running.useCertificate, metrics, log));
  return {
    ...running,
    stop: async () => {
      await running.stop();
      stopping.abort();
    },
  };
}

async function openApi({ server, account, namespace }: ClusterOptions): Promise<{ api: Api; namespace: string }> {
  try {
    const own = namespace ?? (await readFile(path.join(account, 'namespace'), 'utf8')).trim();
    return { api: await connect(new URL(server), account), namespace: own };
  } catch (error) {
    throw new AirgapError(
      'input',
      `The service account in ${account} cannot be read: ${messageOf(error)}.`,
      'Mount the token of the service account.',
      error,
    );
  }
}

function placeOf({ service, tlsNames }: ClusterOptions, namespace: string): Place {
  const names = [`${service}.${namespace}.svc`, `${service}.${namespace}.svc.cluster.local`, ...tlsNames];
  return { namespace, secret: `${service}-tls`, configuration: service, names, settle: 3000 };
}

/** Nothing can be served without a certificate: waits for the replica that makes it, or makes it. */
async function firstCertificate(
  api: Api,
  place: Place,
  duties: () => Promise<boolean>,
  log: Log,
): Promise<ServingCertificate> {
  for (let tries = 0; ; tries += 1) {
    try {
      await duties();
      const issued = await servingCertificate(api, place);
      const certificate = issued === null ? null : readCertificate(issued.cert, issued.key);
      if (certificate?.ok === true) return certificate.certificate;
    } catch (error) {
      if (tries % 10 === 0) log('warning', 'there is no certificate yet', { problem: messageOf(error) });
    }
    await wait(1000);
  }
}

/** Works now and at every beat until the signal; what it returns lets it work at once. */
function repeat(what: string, work: () => Promise<void>, log: Log, signal: AbortSignal): () => void {
  let last = '';
  let wanted = false;
  let wake = (): void => {};
  const loop = async (): Promise<void> => {
    while (!signal.aborted) {
      wanted = false;
      try {
        await work();
        last = '';
      } catch (error) {
        const problem = messageOf(error);
        // The same trouble every five seconds would bury everything else.
        if (problem !== last) log('warning', what, { problem });
        last = problem;
      }
      const woken = new AbortController();
      wake = () => woken.abort();
      if (!wanted) await wait(beat, undefined, { signal: AbortSignal.any([signal, woken.signal]) }).catch(() => {});
    }
  };
  void loop();
  return () => {
    wanted = true;
    wake();
  };
}
