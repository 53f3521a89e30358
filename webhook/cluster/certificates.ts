import { setTimeout as wait } from 'node:timers/promises';
import { record, text, type Json } from '../../shared/kube/json.ts';
import { complaintOf, type Api } from './api.ts';
import { bundleOf, due, newAuthority, newLeaf, type Issued } from './authority.ts';
import { patchConfigurations, type Change } from './configurations.ts';

/** Where the certificate is kept and who has to trust it. */
export interface Place {
  readonly namespace: string;
  readonly secret: string;
  /** Name of the mutating and of the validating webhook configuration. */
  readonly configuration: string;
  readonly names: readonly string[];
  /** Milliseconds until every API server has read a changed configuration. */
  readonly settle: number;
}

interface Kept {
  readonly authority: Issued | null;
  readonly leaf: Issued | null;
  readonly object: Json | null;
}

/** The serving certificate of the Secret; null where there is none yet. */
export async function servingCertificate(api: Api, place: Place): Promise<Issued | null> {
  return (await readSecret(api, place)).leaf;
}

/**
 * Makes what is missing or due, for the one replica that holds the lease. A new authority is trusted by everybody before
 * the first certificate that it signs is served, so no request fails on the way. Returns what it did, for the log.
 */
export async function maintain(api: Api, place: Place, now: Date): Promise<'nothing' | 'leaf' | 'authority'> {
  const kept = await readSecret(api, place);
  const task = due(kept.authority, kept.leaf, place.names, now);
  const authority = task === 'authority' || kept.authority === null ? await newAuthority(now) : kept.authority;
  const changed = await trust(api, place, authority.cert, now);
  if (task === 'nothing') return task;
  if (changed) await wait(place.settle);
  const leaf = await newLeaf(authority, place.names, now);
  await writeSecret(api, place, kept.object, { authority, leaf });
  return task;
}

const secretUrl = ({ namespace }: Place): string => `/api/v1/namespaces/${namespace}/secrets`;

async function readSecret(api: Api, place: Place): Promise<Kept> {
  const answer = await api.send('GET', `${secretUrl(place)}/${place.secret}`);
  if (answer.status === 404) return { authority: null, leaf: null, object: null };
  if (answer.status !== 200) throw new Error(`the Secret ${place.secret} cannot be read: ${complaintOf(answer)}`);
  const data = record(answer.body['data']);
  const decode = (key: string): string => Buffer.from(text(data[key]) ?? '', 'base64').toString();
  const pair = (cert: string, key: string): Issued | null =>
    cert.includes('BEGIN CERTIFICATE') && key.includes('PRIVATE KEY') ? { cert, key } : null;
  return {
    authority: pair(decode('ca.crt'), decode('ca.key')),
    leaf: pair(decode('tls.crt'), decode('tls.key')),
    object: answer.body,
  };
}

async function writeSecret(
  api: Api,
  place: Place,
  before: Json | null,
  { authority, leaf }: { readonly authority: Issued; readonly leaf: Issued },
): Promise<void> {
  const encode = (value: string): string => Buffer.from(value).toString('base64');
  const data = {
    'ca.crt': encode(authority.cert),
    'ca.key': encode(authority.key),
    'tls.crt': encode(leaf.cert),
    'tls.key': encode(leaf.key),
  };
  const metadata = { name: place.secret, namespace: place.namespace };
  const answer =
    before === null
      ? await api.send('POST', secretUrl(place), {
          apiVersion: 'v1',
          kind: 'Secret',
          type: 'kubernetes.io/tls',
          metadata,
          data,
        })
      : await api.send('PUT', `${secretUrl(place)}/${place.secret}`, { ...before, data });
  if (answer.status >= 300) throw new Error(`the Secret ${place.secret} cannot be written: ${complaintOf(answer)}`);
}

/** Puts the authority into every webhook of both configurations, beside the earlier ones that may still be in use. Returns whether anything had to be changed. */
async function trust(api: Api, place: Place, authority: string, now: Date): Promise<boolean> {
  return patchConfigurations(api, place.configuration, (webhooks) =>
    webhooks.flatMap((webhook, index): Change[] => {
      const { caBundle } = record(webhook['clientConfig']);
      const published = Buffer.from(text(caBundle) ?? '', 'base64').toString();
      const value = Buffer.from(bundleOf(authority, published, now)).toString('base64');
      return value === caBundle ? [] : [{ op: 'add', path: `/webhooks/${index}/clientConfig/caBundle`, value }];
    }),
  );
}
