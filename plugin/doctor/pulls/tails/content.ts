import type { Tail } from '../tail.ts';
import { answered } from './status.ts';

/** What came from the registry is not what was asked for, or not what this node can use. */
export const content: readonly Tail[] = [
  {
    causes: ['schema1-removed'],
    text: /manifest\.v1\+(?:json|prettyjws)|schema ?1 (?:image )?(?:manifests? )?(?:are|is|not) |image format v1|schema 1 manifests/i,
  },
  {
    causes: ['auth-token-service'],
    text: /unable to decode token response|decoding bearer token|no realm specified|missing realm in bearer|invalid token auth challenge realm|authorization server did not include a token/i,
  },
  // A proxy before the registry says with a page of its own that the registry is down or busy.
  answered('registry-error', '5\\d\\d'),
  answered('rate-limited', '429'),
  {
    causes: ['captive-portal'],
    text: /text\/html|invalid character '<' looking for beginning of value|<!doctype html|<html[\s>]/i,
  },
  {
    causes: ['platform-missing'],
    text: /no match for platform in manifest|no matching manifest for (?<platform>[\w./()-]{1,64})|no image found in (?:manifest list|image index) for architecture "(?<architecture>[^"]{1,64})"|image operating system "[^"]{1,64}" cannot be used|cannot download image with operating system|does not match the specified platform|no image found in/i,
  },
  {
    causes: ['digest-mismatch'],
    text: /unexpected commit digest (?<got>sha\d{3}:[a-f0-9]{1,128}), expected (?<wanted>sha\d{3}:[a-f0-9]{1,128})/,
  },
  {
    causes: ['digest-mismatch'],
    text: /digest mismatch, expected "(?:<ref>|[^"]{1,256})"|digest did not match|(?:manifest|image config|filesystem layer) verification failed for digest|wrong diff id|does not match (?:the )?(?:provided )?manifest digest|layers from manifest don't match image configuration|digest invalid: provided digest did not match/i,
  },
  {
    causes: ['layer-truncated'],
    text: /short read: expected|unexpected commit size (?<got>\d{1,20}), expected (?<wanted>\d{1,20})|read (?:past|exceeds) expected size/i,
  },
  {
    causes: ['media-type-unsupported'],
    text: /(?:unexpected|unsupported|unrecogni[sz]ed) (?:image )?(?:media ?type|MIME type|manifest MIME type)(?: for decompression:?| for compression:?)?:? ?"?(?<mediaType>[\w.+/-]{1,128})?|unsupported schema version|no processor for media-type|(?<mediaType2>application\/[\w.+-]{1,128}) not supported|unknown media type|number of layers and diffIDs don't match|Unsupported manifest|media-type: (?:cannot determine|expected)/i,
  },
];
