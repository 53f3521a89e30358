import { AirgapError, messageOf } from '../../shared/errors.ts';
import { record, text, type Json } from '../../shared/kube/json.ts';
import { ask, garbage, isTransient, type Answer, type Refusal } from './ask.ts';
import type { Connection } from './connection.ts';
import { bounded, maxItemBytes } from './json/bounded.ts';
import { inLargePieces } from './json/pieces.ts';
import { MalformedList, splitList } from './json/list-splitter.ts';

/** Enough to keep the number of round trips small, and the API server's memory too. */
const pageSize = 500;

/** More than any cluster holds of one kind; a server that never stops must not fill the memory. */
const maxItems = 1_000_000;

class TooMany extends Error {}

/** How a list ended; what was visited before stays visited. */
export type PagesEnd =
  | { readonly complete: true; readonly tooLong: number }
  | { readonly complete: false; readonly refused: Refusal | undefined; readonly reason: string };

/**
 * Reads a list page by page and hands on every object once. The next page is asked for as soon as this one says where
 * it starts, so that the server packs it while this one is being read. A page that breaks off is read again, and an
 * expired continue token is replaced by the one the server offers, or else by a fresh start, each a bounded number of
 * times.
 */
export async function readPages(
  connection: Connection,
  path: string,
  query: Readonly<Record<string, string>>,
  visit: (raw: Json) => void,
  signal?: AbortSignal,
): Promise<PagesEnd> {
  const abort = new AbortController();
  const stop = signal === undefined ? abort.signal : AbortSignal.any([signal, abort.signal]);
  const fetchPage = (token: string | undefined): Promise<Answer> => {
    const parameters = new URLSearchParams({
      ...query,
      limit: String(pageSize),
      ...(token === undefined ? {} : { continue: token }),
    });
    const answer = ask(connection, `${path}?${parameters.toString()}`, stop);
    // A page that is fetched ahead may fail before anybody waits for it.
    answer.catch(() => {});
    return answer;
  };
  /** Objects that were handed on: a page that is read again, or a list that starts again, repeats some. */
  const seen = new Set<string>();
  let visited = 0;
  let tooLong = 0;
  let token: string | undefined;
  let ahead: Promise<Answer> | undefined;
  let breaks = 0;
  let expired = 0;
  try {
    for (;;) {
      const answer = await (ahead ?? fetchPage(token));
      ahead = undefined;
      if ('refused' in answer) {
        const { refused } = answer;
        expired += refused.status === 410 ? 1 : 0;
        if (refused.status !== 410 || expired > 2) return { complete: false, refused, reason: refused.message };
        token = text(record(refused.body['metadata'])['continue']);
        continue;
      }
      let next: string | undefined;
      const splitter = splitList({
        maxItemBytes,
        head: (envelope) => {
          next = text(record(envelope['metadata'])['continue']);
          if (next !== undefined) ahead = fetchPage(next);
        },
        item: (value, bytes) => {
          const raw = bounded(record(value), bytes);
          const uid = text(record(raw['metadata'])['uid']);
          if (uid !== undefined && seen.has(uid)) return;
          if (uid !== undefined) seen.add(uid);
          if ((visited += 1) > maxItems) throw new TooMany();
          visit(raw);
        },
      });
      try {
        for await (const piece of inLargePieces(answer.ok.body)) splitter.push(piece);
        const end = splitter.end();
        if (!end.list) throw new MalformedList('the answer is not a list');
        tooLong += end.tooLong;
        token = text(record(end.envelope?.['metadata'])['continue']);
      } catch (error) {
        if (error instanceof MalformedList) throw garbage(connection, error);
        breaks += 1;
        if (!isTransient(error) || breaks > 3) throw error;
        ahead = undefined;
        continue;
      }
      if (token === undefined) return { complete: true, tooLong };
      if (token !== next) ahead = undefined;
    }
  } catch (error) {
    if (error instanceof TooMany)
      return { complete: false, refused: undefined, reason: `there are more than ${maxItems} of them` };
    if (!(error instanceof AirgapError)) throw error;
    return { complete: false, refused: undefined, reason: messageOf(error) };
  } finally {
    abort.abort();
  }
}
