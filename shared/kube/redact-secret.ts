import { onlyCertificates } from '../cert/bundle.ts';
import { readDockerConfig, type DockerConfigFormat, type DockerConfigProblem } from '../registry/dockerconfig.ts';
import { record, text, textMap, type Json } from './json.ts';
import { pullSecretKeys } from './secret.ts';

/**
 * A Secret with everything taken out that is not public; what is left can be written to a dump, and `readSecret` says
 * the same of it as of the whole one. Kept are the names of its keys, its certificates, and of a pull secret the hosts
 * and what is wrong with it. It is built from nothing instead of cut down, so that a field of a later release is left
 * out rather than leaked; of the annotations, where `kubectl apply` puts a copy of the data, only cert-manager's stay.
 */
export function redactSecret(raw: Json): Json {
  const { annotations, managedFields: _, ...meta } = record(raw['metadata']);
  const type = text(raw['type']) ?? 'Opaque';
  const kept = Object.entries(textMap(annotations)).filter(([key]) => key.startsWith('cert-manager.io/'));
  const place = pullSecretKeys[type];
  const data = Object.entries(textMap(raw['data'])).map(([key, value]) => {
    const content = Buffer.from(value, 'base64');
    const left =
      key === place?.key
        ? withoutLogins(content.toString('utf8'), place.format)
        : onlyCertificates(content.toString('latin1'));
    return [key, Buffer.from(left, 'utf8').toString('base64')];
  });
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { ...meta, ...(kept.length === 0 ? {} : { annotations: Object.fromEntries(kept) }) },
    type,
    data: Object.fromEntries(data),
  };
}

const stand = Buffer.from('redacted:redacted').toString('base64');

/** A docker configuration with the same hosts and the same problem, made of nothing that was in its logins. */
function withoutLogins(content: string, format: DockerConfigFormat): string {
  const { entries, problem, helpers, store } = readDockerConfig(content, format);
  if (problem?.kind === 'empty') return '';
  if (problem?.kind === 'not-json') return 'not JSON';
  if (problem?.kind === 'encoded-twice') return Buffer.from('{}').toString('base64');
  const auths = Object.fromEntries<unknown>([
    ...entries.map(({ host, path, login }) => [host + path, login === null ? {} : { auth: stand }] as const),
    ...(problem?.kind === 'bad-entry' ? [[problem.host, badEntry(problem)] as const] : []),
  ]);
  const other = problem?.kind === 'other-format';
  if ((format === 'dockercfg') !== other) return JSON.stringify(other ? { host: { auth: stand } } : auths);
  return JSON.stringify({
    auths,
    ...(Object.keys(helpers).length === 0 ? {} : { credHelpers: helpers }),
    ...(store === null ? {} : { credsStore: store }),
  });
}

/** An entry that is wrong in the same way. */
function badEntry({ why }: DockerConfigProblem & { kind: 'bad-entry' }): unknown {
  const field = /^its (\w+) is not a string$/.exec(why)?.[1];
  if (field !== undefined) return { [field]: 0 };
  if (why === 'its auth is not base64') return { auth: '!' };
  return why === 'it is not an object' ? 0 : { auth: Buffer.from('redacted').toString('base64') };
}
