/** Sockets hand on sixteen kilobytes at a time; most items would lie in two pieces, and each piece costs a turn. */
const enough = 1 << 20;

/** The same bytes in fewer, larger pieces; the first one at once, because the list's head stands in it. */
export async function* inLargePieces(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let gathered: Uint8Array[] = [];
  let length = 0;
  let first = true;
  for await (const chunk of source) {
    gathered.push(chunk);
    length += chunk.length;
    if (length < enough && !first) continue;
    first = false;
    yield gathered.length === 1 ? chunk : Buffer.concat(gathered, length);
    gathered = [];
    length = 0;
  }
  if (length > 0) yield Buffer.concat(gathered, length);
}
