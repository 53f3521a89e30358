import type { CauseId } from '../causes/ids.ts';
import { bound } from '../pulls/bound.ts';
import { causeOfTail } from './call-tail.ts';

/** A call of the API server that failed, as a message tells it. */
export interface FailedCall {
  readonly cause: CauseId;
  /** The webhook's name; of a conversion, the kind that was to be converted: `metallb.io/v1beta1, Kind=AddressPool`. */
  readonly name: string;
  readonly conversion: boolean;
  /** Host and port that were called; empty where the message names none. */
  readonly address: string;
  /** The service, where the address is one. */
  readonly service?: { readonly namespace: string; readonly name: string; readonly port: string };
  /** The innermost error, verbatim. */
  readonly reason: string;
}

const calls =
  /failing open (?<open>[^\s:]+): |failed calling (?:admission )?webhook "(?<webhook>[^"\n]{1,300})": |conversion webhook for (?<kind>[^\n]{1,300}?) failed: /g;
const longestReason = 500;

/**
 * Every failed call of a webhook in a message: of admission and of conversion, with quoted URLs and, as Go before 1.14
 * wrote them, bare ones. A webhook that answered and denied is none.
 */
export function readFailedCalls(text: string): FailedCall[] {
  const message = bound(text);
  const found = [...message.matchAll(calls)];
  return found.flatMap((match, index) => {
    const { open, webhook, kind } = match.groups ?? {};
    const tail =
      message.slice(match.index + match[0].length, found[index + 1]?.index ?? message.length).split('\n')[0] ?? '';
    // "failing open NAME: failed calling webhook "NAME": …" is one call, told twice.
    if (open !== undefined) return [];
    const opened = found[index - 1]?.groups?.['open'] !== undefined;
    return [readCall(webhook ?? kind ?? '', kind !== undefined, opened, tail)];
  });
}

function readCall(name: string, conversion: boolean, failedOpen: boolean, tail: string): FailedCall {
  const inner = tail.replace(/^failed to call webhook: /, '');
  const [, url = ''] = /^(?:Post|Get) "?(https?:\/\/[^\s"]{1,2000})"?/.exec(inner) ?? [];
  const reason = (url === '' ? inner : inner.slice(inner.indexOf(url) + url.length).replace(/^"?:? ?/, '')).slice(
    0,
    longestReason,
  );
  const { address, service } = target(url.replace(/:$/, ''));
  const cause = causeOfTail(reason);
  return {
    cause: conversion ? 'conversion-webhook' : failedOpen ? 'webhook-failed-open' : cause,
    name,
    conversion,
    address,
    ...(service === undefined ? {} : { service }),
    reason,
  };
}

function target(url: string): Pick<FailedCall, 'address' | 'service'> {
  if (!URL.canParse(url)) return { address: '' };
  const { host, hostname, port } = new URL(url);
  const [, name, namespace] = /^([^.]+)\.([^.]+)\.svc(?:\.|$)/.exec(hostname) ?? [];
  if (name === undefined || namespace === undefined) return { address: host };
  return { address: host, service: { namespace, name, port: port || '443' } };
}
