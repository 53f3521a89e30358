import type { CauseId } from '../../causes/ids.ts';
import type { Tail } from '../tail.ts';

/** Where a program prints the status of an answer, in the words of each. */
const before = [
  'unexpected (?:HEAD )?status(?: code)?(?: from [A-Z]{1,8} request to)?(?: <url>)?:? ',
  'status code <url>: ',
  'with (?:unexpected )?status code (?:<url>|\\[[^\\]\\n]{1,512}\\]): ',
  'StatusCode: ',
  'unexpected HTTP (?:status|code): ',
  'unexpected http code: ',
  'invalid status code from registry ',
  'HTTP(?: error)? (?:status )?',
  'error parsing HTTP ',
  'with status: ',
].join('|');

/** A status that is printed as one, never a number that happens to stand in a name or a size. */
export function answered(cause: CauseId, code: string): Tail {
  return { causes: [cause], text: new RegExp(`(?:${before})(?<status>${code}\\b[ \\w-]{0,40})`) };
}

/** The status of the last answer, and the short forms of "not there" that carry none. Tried last. */
export const status: readonly Tail[] = [
  answered('auth-denied', '401'),
  answered('rate-limited', '429'),
  answered('proxy-unreachable', '407'),
  answered('registry-policy', '(?:412|451)'),
  answered('image-not-found', '(?:404|410)'),
  answered('registry-error', '[45]\\d\\d'),
  answered('redirect-unreachable', '3\\d\\d'),
  {
    // What Go's HTTP client is left with when a proxy refuses to open the tunnel: the proxy's status text alone.
    causes: ['proxy-unreachable'],
    text: /^(?<status>Proxy Authentication Required|Forbidden|Bad Gateway|Service Unavailable|Gateway Timeout|Method Not Allowed|Bad Request|Internal Server Error)\s*$/,
  },
  {
    causes: ['registry-error'],
    text: /(?<status>\b50[0-4] (?:Internal Server Error|Bad Gateway|Service (?:Temporarily )?Unavailable|Gateway Time-?out))/i,
  },
  {
    causes: ['image-not-found'],
    text: /manifest unknown|name unknown|MANIFEST_UNKNOWN|NAME_UNKNOWN|repository name not known to registry|manifest for \S{1,1024} not found|repository \S{1,1024} not found|no such image|404 \(?Not Found/i,
  },
  { causes: ['image-not-found'], text: /not found(?:[:\s]|$)|blob unknown|does not exist/i },
  { causes: ['auth-denied'], text: /^(?:unauthorized|forbidden|denied)\b/i },
];
