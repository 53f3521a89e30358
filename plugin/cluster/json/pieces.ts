/** Sockets hand on sixteen kilobytes at a time; most items would lie in two pieces, and each piece costs a turn. */
const enough = 1 << 20;

/**
 * The same bytes in fewer, larger pieces; the first one at once, because the list's head stands in it. All pieces lie
 * in one buffer, so each is only valid until the next one is asked for: a list of two hundred megabytes would otherwise
 * leave as much behind for the garbage collector.
 */
export async function* inLargePieces(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const buffer = Buffer.allocUnsafeSlow(enough);
  let length = 0;
  let first = true;
  for await (const chunk of source) {
    if (first || chunk.length > enough) {
      if (length > 0) yield buffer.subarray(0, length);
      length = 0;
      first = false;
      yield chunk;
      continue;
    }
    if (length + chunk.length > enough) {
      yield buffer.subarray(0, length);
      length = 0;
    }
    buffer.set(chunk, length);
    length += chunk.length;
  }
  if (length > 0) yield buffer.subarray(0, length);
}
