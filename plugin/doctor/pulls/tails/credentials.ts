import { answered } from './status.ts';
import type { Tail } from '../tail.ts';

/** Sentences of registries about access. Numbers alone ("401 Unauthorized") are read in the table of status codes. */
export const credentials: readonly Tail[] = [
  {
    causes: ['rate-limited'],
    text: /\btoomanyrequests\b|too many requests|reached your (?:unauthenticated |authenticated )?pull rate limit|rate limit exceeded|exceeded [^\n]{0,64}rate limit/i,
  },
  {
    causes: ['registry-policy'],
    text: /cannot be pulled due to|(?:current )?image without vulnerability scanning|projectpolicy|is not signed(?: by| in)|is quarantined|blocking policy|blocked by (?:the )?(?:registry )?policy|download (?:request )?(?:is |was )?(?:blocked|rejected)|412 Precondition Failed|451 Unavailable For Legal/i,
  },
  answered('auth-denied', '403'),
  { causes: ['auth-required'], text: /no basic auth credentials|missing username or secret/i },
  {
    causes: ['auth-denied'],
    text: /incorrect username or password|invalid username\/password|(?:bad|invalid|wrong) credentials|authentication failed|password (?:is )?expired|server message: invalid_token|token (?:has |is )?expired|unauthorized: account is locked/i,
  },
  {
    causes: ['auth-or-not-found'],
    text: /pull access denied for|repository does not exist or may require|insufficient_scope|requested access to the resource is denied|access to the requested resource is not authorized/i,
  },
  {
    // Printed for each 401, whether a login was sent and refused or none was sent.
    causes: ['auth-required', 'auth-denied'],
    text: /(?<!proxy )authentication (?:is )?required|(?:^|: )unauthorized(?::|$)|no credentials provided/i,
  },
  {
    causes: ['auth-denied'],
    text: /(?:^|: |\n)denied(?::|$)|access forbidden|permission_denied|permission "[^"]{1,256}" denied/i,
  },
  { causes: ['auth-token-service'], text: /failed to find supported auth scheme/i },
];
