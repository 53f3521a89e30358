import type { IncomingMessage } from 'node:http';
import type { Outcome } from '../../shared/registry/fault.ts';
import type { Line, Repository } from './line.ts';
import { statusFault } from './status-faults.ts';

export interface BlobAnswer {
  /** The host that served it: the registry's or that of a store it redirected to. */
  readonly host: string;
  readonly contentType: string;
  /** Bytes of the whole blob as this answer tells; null where it does not. */
  readonly size: number | null;
  /** Where the stream begins: the start that was asked for, or 0 where the server ignored the range. */
  readonly start: number;
  /** Read it to its end or destroy it; it is never kept in memory. */
  readonly stream: IncomingMessage;
}

export async function headBlob(
  line: Line,
  repository: Repository,
  digest: string,
): Promise<Outcome<{ readonly size: number | null }>> {
  const outcome = await line.ask(`/v2/${repository.path}/blobs/${digest}`, 'HEAD');
  if (!outcome.ok) return outcome;
  const answer = outcome.value;
  if (answer.status !== 200) return { ok: false, fault: await statusFault(answer, line.patience.document) };
  answer.stream.resume();
  return { ok: true, value: { size: sizeIn(answer.headers['content-length']) } };
}

export async function openBlob(
  line: Line,
  repository: Repository,
  digest: string,
  start = 0,
  end?: number,
): Promise<Outcome<BlobAnswer>> {
  const range = start > 0 || end !== undefined ? { range: `bytes=${start}-${end ?? ''}` } : undefined;
  const outcome = await line.ask(`/v2/${repository.path}/blobs/${digest}`, 'GET', range);
  if (!outcome.ok) return outcome;
  const answer = outcome.value;
  const partial = answer.status === 206;
  if (!partial && answer.status !== 200) return { ok: false, fault: await statusFault(answer, line.patience.document) };
  const whole = /\/(\d+)$/.exec(answer.headers['content-range'] ?? '')?.[1];
  return {
    ok: true,
    value: {
      host: answer.url.host,
      contentType: answer.headers['content-type'] ?? '',
      size: sizeIn(partial ? whole : answer.headers['content-length']),
      start: partial ? start : 0,
      stream: answer.stream,
    },
  };
}

function sizeIn(header: string | undefined): number | null {
  return header !== undefined && /^\d{1,15}$/.test(header) ? Number(header) : null;
}
