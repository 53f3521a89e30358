import { setTimeout as wait } from 'node:timers/promises';
import { messageOf } from '../../shared/errors.ts';
import { array, record, text, type Json } from '../../shared/kube/json.ts';
import { readMeta } from '../../shared/kube/meta.ts';
import { complaintOf, type Api } from './api.ts';

/**
 * Keeps the objects of a resource by name: lists, then watches, and begins again where the watch ends or falls behind.
 * `changed` gets the whole map after the first list and after every change. While the API server is away the last known
 * objects stay. Resolves when `signal` is aborted.
 */
export async function keep(
  api: Api,
  url: string,
  changed: (objects: ReadonlyMap<string, Json>) => void,
  troubled: (problem: string) => void,
  signal: AbortSignal,
): Promise<void> {
  let failures = 0;
  while (!signal.aborted) {
    try {
      const listed = await api.send('GET', `${url}?limit=0`);
      if (listed.status !== 200) throw new Error(complaintOf(listed));
      failures = 0;
      await follow(api, url, listed.body, changed, signal);
    } catch (error) {
      if (signal.aborted) return;
      failures += 1;
      if (failures === 1 || failures % 20 === 0) troubled(`${url}: ${messageOf(error)}`);
      // Replicas that lost the same API server must not come back in step.
      const pause = Math.min(30_000, 250 * 2 ** Math.min(failures, 8)) * (0.5 + Math.random() / 2);
      await wait(pause, undefined, { signal }).catch(() => undefined);
    }
  }
}

/** Watches until the server ends the watch, as it does every few minutes, or says that it has to begin anew. */
async function follow(
  api: Api,
  url: string,
  list: Json,
  changed: (objects: ReadonlyMap<string, Json>) => void,
  signal: AbortSignal,
): Promise<void> {
  const objects = new Map(array(list['items']).map((item) => [readMeta(item).name, record(item)]));
  let version = text(record(list['metadata'])['resourceVersion']) ?? '';
  changed(new Map(objects));
  const expired = new AbortController();
  const take = ({ type, object }: Json): void => {
    const { name } = readMeta(object);
    const next = text(record(record(object)['metadata'])['resourceVersion']);
    if (type === 'ERROR') {
      expired.abort();
      return;
    }
    if (next !== undefined) version = next;
    if (type === 'BOOKMARK') return;
    if (type === 'DELETED') objects.delete(name);
    else objects.set(name, record(object));
    changed(new Map(objects));
  };
  while (!signal.aborted && !expired.signal.aborted)
    await api.watch(
      `${url}?watch=1&allowWatchBookmarks=true&timeoutSeconds=240&resourceVersion=${version}`,
      take,
      signal,
    );
}
