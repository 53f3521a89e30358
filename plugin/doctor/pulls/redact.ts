/**
 * Takes secrets out of a message before it becomes evidence: user names and passwords in URLs, bearer and basic
 * credentials, and the query of a URL, where object stores put the signature of a presigned download and token
 * services put accounts and one-time codes. `service`, `scope` and `ns` stay: they say what was asked for.
 */
export function redact(message: string): string {
  return message
    .replaceAll(/\b([a-z][a-z0-9+.-]{0,15}:\/\/)[^\s/@"'<>]{1,1024}@/gi, '$1REDACTED@')
    .replaceAll(/\b(Bearer|Basic)\s+[A-Za-z0-9._~+/=-]{8,}/g, '$1 REDACTED')
    .replaceAll(/([?&;])([A-Za-z0-9_.%~-]{1,64})=([^\s&;"'<>]{1,8192})/g, redactParameter)
    .replaceAll(
      /\b(password|passwd|secret|token|access_token|refresh_token|identitytoken)(["']?\s?[:=]\s?["']?)[^\s"',;&]{4,}/gi,
      redactField,
    );
}

const harmless = new Set(['ns', 'scope', 'service', 'n', 'last', 'digest', 'timeout']);

function redactParameter(whole: string, separator: string, name: string): string {
  return harmless.has(name.toLowerCase()) ? whole : `${separator}${name}=REDACTED`;
}

/** A word and a colon is also how Go chains errors ("unable to decode token: EOF"), so only what looks like a value goes. */
function redactField(whole: string, name: string, between: string): string {
  const chained = between.startsWith(':') && /\s/.test(between) && !/["']/.test(between);
  return chained ? whole : `${name}${between}REDACTED`;
}
