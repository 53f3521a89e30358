import type { Tail } from '../tail.ts';

/** containers/image policy.json, containerd's image verifiers (cosign, notation), sigstore. */
export const signatures: readonly Tail[] = [
  {
    causes: ['signature-unverifiable'],
    text: /\bTUF\b|tuf-repo|trusted[ _]root|\brekor\b|transparency log|\bfulcio\b|ctlog|error loading PKI CA Roots|no public keys imported/i,
  },
  {
    causes: ['signature-missing'],
    text: /a signature was required, but no signature exists|no (?:matching )?signatures? (?:found|exist)|no signature verification policy found|no signatures? (?:is|are) associated/i,
  },
  {
    causes: ['signature-invalid'],
    text: /none of the signatures were accepted|signature for (?:identity|digest) [^\n]{1,512} (?:is not accepted|does not match)|any signatures for image [^\n]{1,512} are rejected|invalid signature|cryptographic (?:signature )?verification|no matching signatures|signature validation failed/i,
  },
];
