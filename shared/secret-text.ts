/**
 * Credentials that end up in error texts, annotations and URLs. Each pattern keeps what surrounds the secret, because
 * that is what the text is read for: the host, the path, the name of the parameter.
 */
const patterns: readonly (readonly [RegExp, string])[] = [
  [/-----BEGIN ([A-Z0-9 ]*PRIVATE KEY)-----[\s\S]*?(?:-----END \1-----|$)/g, '[redacted]'],
  // An image's digest follows an @ as well: docker-pullable://nginx@sha256:…
  [/:\/\/(?!\[redacted\]@)[^\s/?#"'<>]+@(?!sha\d+:)/gi, '://[redacted]@'],
  [/\b(bearer|basic)(\s+)(?!realm=|\[redacted\])[A-Za-z0-9+/=_.~-]{8,}/gi, '$1$2[redacted]'],
  [/\beyJ[A-Za-z0-9_-]{6,}\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*/g, '[redacted]'],
  // The ends of names: query parameters of presigned addresses and token services, assignments in commands and texts.
  [
    /(signature|sig|token|secret|passwd|password|credential|access-?key-?id|accesskey|apikey|api-?key|googleaccessid)=(?!\[redacted\])[^\s&"',;]+/gi,
    '$1=[redacted]',
  ],
  [
    /(\\?"(?:auth|password|passwd|secret|token|identitytoken|registrytoken|access_token|refresh_token|api_?key)\\?"\s*:\s*\\?")(?!\[redacted\])[^"\\]*/gi,
    '$1[redacted]',
  ],
];

/** Cheap, and true wherever one of the patterns could match. */
const suspicious = /[=@"]|bearer|basic|eyJ|PRIVATE KEY/i;

/** What one pattern takes out may lay bare what another one looks for; texts settle after one round, rarely two. */
const rounds = 4;

/** A text with the credentials in it replaced by `[redacted]`; twice is the same as once. */
export function withoutSecrets(text: string): string {
  if (!suspicious.test(text)) return text;
  let out = text;
  for (let round = 0; round < rounds; round += 1) {
    const before = out;
    for (const [pattern, replacement] of patterns) out = out.replace(pattern, replacement);
    if (out === before) break;
  }
  return out;
}
