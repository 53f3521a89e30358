/** One entry of a WWW-Authenticate header: the scheme in lower case, parameter names in lower case. */
export interface Challenge {
  readonly scheme: string;
  readonly params: Readonly<Record<string, string>>;
}

const token = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";
const param = new RegExp(`\\s*(${token})\\s*=\\s*(?:"((?:[^"\\\\]|\\\\.)*)"|([^\\s,"]*)(?=[\\s,]|$))`, 'y');
const scheme = new RegExp(`[\\s,]*(${token})(?=$|[\\s,])(?!\\s*=)`, 'y');
const comma = /\s*,/y;
const token68 = /\s+[A-Za-z0-9._~+/-]+=*(?=\s*(?:,|$))/y;

/**
 * Reads a WWW-Authenticate header (RFC 9110, section 11.6.1), several challenges in one line included. What does not
 * follow the grammar ends the reading; the challenges before it are returned. Never throws.
 */
export function parseChallenges(header: string): Challenge[] {
  const challenges: Challenge[] = [];
  let at = 0;
  const take = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at;
    const match = pattern.exec(header);
    if (match !== null) at = pattern.lastIndex;
    return match;
  };
  for (let named = take(scheme); named !== null; named = take(scheme)) {
    const params: Record<string, string> = Object.create(null) as Record<string, string>;
    if (take(token68) === null)
      for (let pair = take(param); pair !== null; pair = take(comma) && take(param)) {
        const value = pair[2]?.replaceAll(/\\(.)/g, '$1') ?? pair[3] ?? '';
        // The first one wins: a second `realm` in one challenge is an attempt at something.
        params[(pair[1] ?? '').toLowerCase()] ??= value;
      }
    challenges.push({ scheme: (named[1] ?? '').toLowerCase(), params });
  }
  return challenges;
}
