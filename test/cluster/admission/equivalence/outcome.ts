import { Agent, request } from 'node:https';
import { readFileSync } from 'node:fs';
import { record, text, textMap } from '../../../../shared/kube/json.ts';
import type { CompiledPolicy } from '../../../../shared/policy/compile.ts';
import { judge } from '../../../../shared/policy/judge.ts';
import { namespaceNamed } from '../../../../shared/policy/namespace.ts';
import { imagesOf, placementOf } from '../../../../shared/policy/positions.ts';
import { applyPatch } from '../../../shared/policy/apply-patch.ts';
import type { ControlPlaneCluster } from '../../cluster.ts';
import type { Sent } from './vectors.ts';

/** What came of a request, in the words that all three have in common. */
export interface Outcome {
  readonly verdict: 'accepted' | 'rejected' | 'refused by the API server' | 'nobody answered';
  /** Images by owner, of what was accepted. */
  readonly images: Readonly<Record<string, string>>;
  readonly originals: string | null;
  readonly secrets: readonly string[];
  readonly message: string;
  readonly warnings: readonly string[];
}

const nothing = { images: {}, originals: null, secrets: [], message: '', warnings: [] } as const;

/** What `judge` says of it, which is what `explain` and `check` print. */
export function judged(policy: CompiledPolicy, namespace: string, sent: Sent): Outcome {
  const change = { ...sent.change, namespace: namespaceNamed(namespace) };
  const pods = change.kind === 'Pod';
  const mutated = pods ? judge(policy, change, 'mutate') : { patch: [], warnings: [] };
  const object = applyPatch(change.object, mutated.patch);
  const final = judge(policy, { ...change, object }, 'validate');
  const warnings = [...new Set([...mutated.warnings, ...final.warnings])];
  if (final.rejection !== null) return { ...nothing, verdict: 'rejected', message: final.rejection, warnings };
  return { verdict: 'accepted', ...held(object, sent), message: '', warnings };
}

function held(object: unknown, { change }: Sent): Pick<Outcome, 'images' | 'originals' | 'secrets'> {
  const placement = placementOf(change.group, change.kind);
  const images = placement === null ? [] : imagesOf(object, placement);
  const secrets = record(record(object)['spec'])['imagePullSecrets'] as { name: string }[] | undefined;
  return {
    images: Object.fromEntries(images.map(({ owner, image }) => [owner, image])),
    originals: textMap(record(record(object)['metadata'])['annotations'])['airgap.dev/original-images'] ?? null,
    secrets: secrets?.map(({ name }) => name) ?? [],
  };
}

export interface Asker extends Disposable {
  readonly ask: (namespace: string, sent: Sent) => Promise<Outcome>;
}

/** A client that sends dry runs, and reads the warnings too. */
export function createAsker({ server, ca, pkiDirectory }: ControlPlaneCluster): Asker {
  const file = (name: string): string => readFileSync(`${pkiDirectory}/${name}`, 'utf8');
  const agent = new Agent({ keepAlive: true, maxSockets: 8, ca, cert: file('admin.crt'), key: file('admin.key') });
  const ask: Asker['ask'] = (namespace, sent) =>
    new Promise((resolve, reject) => {
      const url = new URL(`/${sent.root}/namespaces/${namespace}/${sent.path}?dryRun=All`, server);
      const type = sent.method === 'POST' ? 'application/json' : 'application/strategic-merge-patch+json';
      const outgoing = request(url, { method: sent.method, agent, headers: { 'content-type': type } }, (incoming) => {
        const chunks: Buffer[] = [];
        incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
        incoming.on('error', reject);
        incoming.on('end', () => {
          const object: unknown = JSON.parse(Buffer.concat(chunks).toString());
          resolve(outcomeOf(incoming.statusCode ?? 0, object, incoming.headersDistinct['warning'] ?? [], sent));
        });
      });
      outgoing.on('error', reject);
      outgoing.end(JSON.stringify(sent.body));
    });
  return { ask, [Symbol.dispose]: () => agent.destroy() };
}

function outcomeOf(status: number, body: unknown, headers: readonly string[], sent: Sent): Outcome {
  // Node reads headers as Latin-1; the API server writes UTF-8.
  const readable = headers.map((header) => Buffer.from(header, 'latin1').toString());
  const warnings = readable.flatMap((header) => header.split(/, (?=299 )/)).flatMap(warningsIn);
  const message = text(record(body)['message']) ?? '';
  if (status < 300) return { verdict: 'accepted', ...held(body, sent), message: '', warnings };
  if (status === 403 && message.includes('airgap policy'))
    return { ...nothing, verdict: 'rejected', message: message.slice(message.indexOf('airgap policy')), warnings };
  if (status === 422) return { ...nothing, verdict: 'refused by the API server', message };
  if (message.includes('failed calling webhook')) return { ...nothing, verdict: 'nobody answered', message };
  throw new Error(`${sent.method} ${sent.path}: ${status} ${message.slice(-500)}`);
}

/** The sentences of a warning header; the CEL form says all of them in one. */
function warningsIn(header: string): string[] {
  const quoted = /airgap policy .*(?="$)/.exec(header)?.[0].replaceAll(/\\(.)/g, '$1');
  const [, policy, sentences] = /^(airgap policy [^:]*: )(.*)$/.exec(quoted ?? '') ?? [];
  return sentences === undefined ? [] : sentences.split('; ').map((sentence) => `${policy}${sentence}`);
}
