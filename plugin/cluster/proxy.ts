/**
 * The proxy to reach the API server through: the kubeconfig's `proxy-url`, else HTTPS_PROXY or HTTP_PROXY unless
 * NO_PROXY names the server, by the rules of Go's standard library, which kubectl follows.
 */
export function proxyFor(
  server: URL,
  configured: string | undefined,
  environment: Readonly<Record<string, string | undefined>>,
): string | undefined {
  if (configured !== undefined) return configured;
  const read = (name: string): string => environment[name.toUpperCase()] || environment[name] || '';
  const proxy = read(server.protocol === 'https:' ? 'https_proxy' : 'http_proxy');
  if (proxy === '' || bypassed(server, read('no_proxy'))) return undefined;
  return proxy.includes('://') ? proxy : `http://${proxy}`;
}

function bypassed(server: URL, list: string): boolean {
  const host = server.hostname.replace(/^\[|\]$/g, '').toLowerCase();
  if (host === 'localhost' || host === '::1' || host.startsWith('127.')) return true;
  const port = server.port === '' ? (server.protocol === 'https:' ? '443' : '80') : server.port;
  return list
    .split(',')
    .map((entry) => entry.trim().toLowerCase())
    .some((entry) => {
      if (entry === '*') return true;
      const range = /^([\d.]+)\/(\d+)$/.exec(entry);
      if (range !== null) return inRange(host, range[1] ?? '', Number(range[2]));
      // An IPv6 address without brackets is all host.
      const [, name = '', wanted] = /^\[?([^[\]]*:[^[\]]*:[^[\]]*|[^:[\]]*)\]?(?::(\d+))?$/.exec(entry) ?? [];
      if (name === '' || (wanted !== undefined && wanted !== port)) return false;
      const bare = name.replace(/^\*?\./, '');
      return (!name.startsWith('.') && !name.startsWith('*.') && host === bare) || host.endsWith(`.${bare}`);
    });
}

function inRange(host: string, base: string, bits: number): boolean {
  const [a, b] = [ipv4(host), ipv4(base)];
  if (a === undefined || b === undefined || bits > 32) return false;
  return bits === 0 || a >>> (32 - bits) === b >>> (32 - bits);
}

function ipv4(address: string): number | undefined {
  const parts = address.split('.').map(Number);
  if (parts.length !== 4 || parts.some((part) => !Number.isInteger(part) || part < 0 || part > 255)) return undefined;
  return parts.reduce((sum, part) => sum * 256 + part, 0) >>> 0;
}
