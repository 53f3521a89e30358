import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { hostsDirectory } from './containerd.ts';
import type { Namespaces } from './namespaces.ts';

/** What the node knows of one registry host; containerd's `hosts.toml` in its own words. */
export interface HostSettings {
  /** PEM to trust; without it the system's roots alone. */
  readonly ca?: string;
  /** Asked instead of the host itself, such as `http://plain.example.com:5000`. */
  readonly server?: string;
  /** Mirrors, asked in this order before the server. */
  readonly mirrors?: readonly { readonly url: string; readonly ca?: string }[];
  readonly skipVerify?: boolean;
  /** Replaces all of the above. */
  readonly verbatim?: string;
}

/** Writes `certs.d/HOST/hosts.toml`; the next pull reads it. */
export function writeHost(place: Namespaces, host: string, settings: HostSettings): void {
  const directory = path.join(hostsDirectory(place), host);
  rmSync(directory, { recursive: true, force: true });
  mkdirSync(directory, { recursive: true });
  let files = 0;
  const caLine = (ca: string | undefined): string => {
    if (ca === undefined) return '';
    // Relative to the folder of the hosts.toml.
    const file = `ca-${(files += 1)}.pem`;
    writeFileSync(path.join(directory, file), ca);
    return `ca = '${file}'\n`;
  };
  const mirrors = (settings.mirrors ?? []).map(
    (mirror) => `[host.'${mirror.url}']\ncapabilities = ['pull', 'resolve']\n${caLine(mirror.ca)}`,
  );
  const text =
    settings.verbatim ??
    `server = '${settings.server ?? `https://${host}`}'\n${caLine(settings.ca)}` +
      `${settings.skipVerify === true ? 'skip_verify = true\n' : ''}${mirrors.join('')}`;
  writeFileSync(path.join(directory, 'hosts.toml'), text);
}

/** The node knows nothing of the host any more. */
export function forgetHost(place: Namespaces, host: string): void {
  rmSync(path.join(hostsDirectory(place), host), { recursive: true, force: true });
}
