import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { account } from './token-service.ts';

/** A folder with what programs have to be told of registries. */
export interface SiteFolder {
  readonly path: string;
  /** As a `dockerconfigjson`. */
  readonly logins: string;
  /** A path in the folder. */
  readonly inside: (name: string) => string;
  /** Writes a file of the folder, with the folders above it. */
  readonly put: (name: string, text: string) => string;
  remove(): void;
}

/** Holds `ca.crt`, `docker/config.json` with the logins of these hosts, and `policy.yaml`. */
export function siteFolder(
  certificate: string,
  hosts: readonly string[],
  spec: { readonly mode?: 'Enforce'; readonly mirrors: readonly { sourcePrefix: string; targetPrefix: string }[] },
): SiteFolder {
  const folder = mkdtempSync(path.join(tmpdir(), 'airgap-site-'));
  const inside = (name: string): string => path.join(folder, name);
  const put = (name: string, text: string): string => {
    mkdirSync(path.dirname(inside(name)), { recursive: true });
    writeFileSync(inside(name), text);
    return inside(name);
  };
  const auth = Buffer.from(`${account.user}:${account.password}`).toString('base64');
  const logins = JSON.stringify({ auths: Object.fromEntries(hosts.map((host) => [host, { auth }])) });
  put('ca.crt', certificate);
  put('docker/config.json', logins);
  put(
    'policy.yaml',
    JSON.stringify({ apiVersion: 'airgap.dev/v1alpha1', kind: 'AirgapPolicy', metadata: { name: 'default' }, spec }),
  );
  return { path: folder, logins, inside, put, remove: () => rmSync(folder, { recursive: true }) };
}
