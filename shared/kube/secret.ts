import { readBundle, type Bundle } from '../cert/bundle.ts';
import { readDockerConfig, type DockerConfigFormat, type DockerConfigProblem } from '../registry/dockerconfig.ts';
import { record, text, textMap, type Json } from './json.ts';
import { readMeta, type Meta } from './meta.ts';

/** What may be known of a Secret: its type, the names of its keys, and what it holds that is public anyway. */
export interface Secret {
  readonly meta: Meta;
  readonly type: string;
  readonly keys: readonly string[];
  /** By key: public certificates; `tls.crt` of a TLS secret is here even if none can be read in it. */
  readonly bundles: readonly { readonly key: string; readonly bundle: Bundle }[];
  /** The cert-manager Certificate that keeps this Secret, in the same namespace. */
  readonly managedBy?: string;
  /** Of pull secrets. */
  readonly pull?: PullSecret;
}

/** For which registries a pull secret has a login; never the login. */
export interface PullSecret {
  readonly entries: readonly { readonly host: string; readonly path: string; readonly hasLogin: boolean }[];
  /** `missing-key`: the key that its type asks for is not there. */
  readonly problem: DockerConfigProblem | { readonly kind: 'missing-key'; readonly key: string } | null;
}

/** Where the docker configuration stands in a pull secret, by the secret's type. */
export const pullSecretKeys: Readonly<Record<string, { readonly key: string; readonly format: DockerConfigFormat }>> = {
  'kubernetes.io/dockerconfigjson': { key: '.dockerconfigjson', format: 'dockerconfigjson' },
  'kubernetes.io/dockercfg': { key: '.dockercfg', format: 'dockercfg' },
};

/** A token's CA stands in kube-root-ca.crt as well, and a Helm release is megabytes without a certificate. */
const withoutCertificates = new Set(['kubernetes.io/service-account-token', 'helm.sh/release.v1']);

export function readSecret(raw: Json): Secret {
  const type = text(raw['type']) ?? 'Opaque';
  const data = textMap(raw['data']);
  const managedBy = textMap(record(raw['metadata'])['annotations'])['cert-manager.io/certificate-name'];
  const pull = readPullSecret(type, data);
  return {
    meta: readMeta(raw),
    type,
    keys: Object.keys(data),
    bundles: withoutCertificates.has(type) ? [] : readBundles(type, data),
    ...(managedBy === undefined ? {} : { managedBy }),
    ...(pull === undefined ? {} : { pull }),
  };
}

function readPullSecret(type: string, data: Readonly<Record<string, string>>): PullSecret | undefined {
  const place = pullSecretKeys[type];
  if (place === undefined) return undefined;
  const content = data[place.key];
  if (content === undefined) return { entries: [], problem: { kind: 'missing-key', key: place.key } };
  const { entries, problem } = readDockerConfig(Buffer.from(content, 'base64').toString('utf8'), place.format);
  return { entries: entries.map(({ host, path, login }) => ({ host, path, hasLogin: login !== null })), problem };
}

function readBundles(type: string, data: Readonly<Record<string, string>>): Secret['bundles'] {
  return Object.entries(data).flatMap(([key, encoded]) => {
    const value = Buffer.from(encoded, 'base64').toString('latin1');
    const expected = type === 'kubernetes.io/tls' && key === 'tls.crt';
    return expected || value.includes('-----BEGIN CERTIFICATE-----') ? [{ key, bundle: readBundle(value) }] : [];
  });
}
