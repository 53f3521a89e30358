import type { Exporter } from './exporter.ts';
import { pairsOf } from './pair.ts';
import { prefixRules, splitPrefix, type PrefixRule } from './prefixes.ts';

/**
 * `certs.d/HOST/hosts.toml` for every registry that is mirrored. A path before the repository works only as `/v2/PATH`
 * with `override_path`; `server` names the mirror too, because without it containerd goes on to the registry itself.
 */
export const containerd: Exporter = (lock, { plainHttp }) => {
  const { pairs, warnings } = pairsOf(lock);
  const rules = prefixRules(pairs);
  const whole = rules.filter(({ source }) => splitPrefix(source).path === '');
  const renamed = rules.filter((rule) => !whole.includes(rule));
  const hosts = Map.groupBy(whole, ({ source }) => source);
  return {
    files: [...hosts].map(([host, targets]) => ({
      path: `certs.d/${host}/hosts.toml`,
      text: hostsToml(targets, plainHttp),
    })),
    warnings: [
      ...warnings,
      ...renamed.map(
        ({ source, target }) =>
          `containerd gives no image another path: ${source} is not led to ${target}; only pods that the policy rewrites find it`,
      ),
    ],
  };
};

function hostsToml(targets: readonly PrefixRule[], plainHttp: readonly string[]): string {
  const mirrors = targets.map(({ target }) => {
    const { host, path } = splitPrefix(target);
    const origin = `${plainHttp.includes(host) ? 'http' : 'https'}://${host}`;
    return { url: path === '' ? origin : `${origin}/v2/${path}`, override: path !== '' };
  });
  const sections = mirrors.map(({ url, override }) =>
    [
      `[host.${toml(url)}]`,
      '  capabilities = ["pull", "resolve"]',
      ...(override ? ['  override_path = true'] : []),
      '  # ca = "ca.crt"  # beside this file, where the mirror has a certificate of your own authority',
    ].join('\n'),
  );
  return `${[`server = ${toml(mirrors[0]?.url ?? '')}`, ...sections].join('\n\n')}\n`;
}

function toml(text: string): string {
  return JSON.stringify(text);
}
