import type { Json } from '../../../shared/kube/json.ts';
import { messageOf } from '../../../shared/errors.ts';
import { bounded, maxItemBytes } from '../json/bounded.ts';
import { ByteSink } from '../json/byte-sink.ts';
import { MalformedList, splitList } from '../json/list-splitter.ts';
import type { Sink } from './files.ts';

/** YAML cannot be read piece by piece; a folder that large is better written as JSON. */
const maxYamlBytes = 16 << 20;

/**
 * Takes one file and hands on each object of `kind` in it: a List, a `PodList`, a bare array or a single object. Says
 * once, at the end, what is wrong with the file; the objects before the fault have been handed on.
 */
export function objectsIn(
  file: string,
  kind: string,
  visit: (raw: Json) => void,
  fault: (reason: string) => void,
): Sink {
  let wrong: string | undefined;
  let over = false;

  const take = (value: unknown, bytes: number): void => {
    if (wrong !== undefined) return;
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      wrong = 'values that are no objects';
      return;
    }
    const raw = value as Json;
    // In a PodList the items do not repeat their kind.
    if (typeof raw['kind'] === 'string' && raw['kind'] !== kind) wrong = `a ${raw['kind'].slice(0, 80)}`;
    else visit(bounded(raw, bytes));
  };
  const document = (value: Json, list: boolean, bytes: number): void => {
    const found = typeof value['kind'] === 'string' ? value['kind'] : undefined;
    if (!list) take(value, bytes);
    else if (found !== undefined && found !== 'List' && found !== `${kind}List`) wrong ??= `a ${found.slice(0, 80)}`;
  };
  const finish = (tooLong = 0): void => {
    if (wrong !== undefined) fault(`${file} holds ${wrong} where a ${kind} was expected`);
    else if (tooLong > 0)
      fault(
        `${file} holds objects larger than 16 MiB, of which ${tooLong} ${tooLong === 1 ? 'was' : 'were'} passed over`,
      );
  };

  if (!file.endsWith('.json')) return yamlSink(file, take, document, finish, fault);
  const splitter = splitList({
    maxItemBytes,
    head: (envelope) => document(envelope, true, 0),
    item: take,
  });
  const guard = (step: () => void): void => {
    if (over) return;
    try {
      step();
    } catch (error) {
      if (!(error instanceof MalformedList)) throw error;
      over = true;
      fault(`${file}: ${error.message}`);
    }
  };
  return {
    write: (chunk) => guard(() => splitter.push(chunk)),
    end: () =>
      guard(() => {
        const { envelope, list, tooLong } = splitter.end();
        if (envelope !== undefined) document(envelope, list, 0);
        finish(tooLong);
      }),
  };
}

function yamlSink(
  file: string,
  take: (value: unknown, bytes: number) => void,
  document: (value: Json, list: boolean, bytes: number) => void,
  finish: () => void,
  fault: (reason: string) => void,
): Sink {
  const bytes = new ByteSink(maxYamlBytes);
  return {
    write: (chunk) => bytes.append(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength), 0, chunk.length),
    async end() {
      if (bytes.overflowed) return fault(`${file} is YAML of more than 16 MiB; write it as JSON`);
      try {
        const { parse } = await import('yaml');
        const value: unknown = parse(bytes.bytes().toString('utf8'));
        if (typeof value !== 'object' || value === null) return fault(`${file} holds no objects`);
        const items = Array.isArray(value) ? (value as unknown[]) : (value as Json)['items'];
        const list = Array.isArray(items);
        if (!Array.isArray(value)) document(value as Json, list, 0);
        if (list) for (const item of items as unknown[]) take(item, 0);
        finish();
      } catch (error) {
        fault(`${file} is not YAML: ${messageOf(error).split('\n')[0] ?? ''}`);
      }
    },
  };
}
