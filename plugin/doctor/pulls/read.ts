import { mask } from './mask.ts';
import { marksMirrors, parseRuntime } from './runtime.ts';
import { isOfAnother, signIn, type Sign } from './tail.ts';
import type { LayerName } from './layers.ts';
import type { Unwrapped } from './unwrap.ts';
import type { Circumstances } from './verdict.ts';
import { where, type Where } from './where.ts';

/** A message with its layers off, its names out, its sign and its host found: what the decision is made from. */
export interface Read {
  readonly unwrapped: Unwrapped;
  readonly layers: ReadonlySet<LayerName>;
  /** The layer around the innermost error. */
  readonly innermost: LayerName | undefined;
  /** The innermost error with placeholders for names. */
  readonly tail: string;
  readonly sign: Sign | undefined;
  /** The text is not about an image. */
  readonly ofAnother: boolean;
  readonly where: Where;
  /** The request that failed went out without TLS. */
  readonly plainHttp: boolean;
  /** The reference that was to be pulled. */
  readonly image: string | undefined;
}

/** `image` is the reference that was to be pulled, where it is known beside the message. */
export function read(text: string, unwrapped: Unwrapped, { image, runtime = '', pull = false }: Circumstances): Read {
  const quoted = unwrapped.layers.flatMap(({ facts }) => facts['ref'] ?? []);
  const reference = image ?? quoted.at(0);
  const names = [...new Set([...(reference === undefined ? [] : [reference]), ...quoted])];
  const tail = mask(unwrapped.tail, names);
  // With a list of mirrors in front, only what follows it is about this attempt.
  const all = unwrapped.mirrors.length > 0 ? tail : mask(text, names);
  return {
    unwrapped,
    layers: new Set(unwrapped.layers.map(({ name }) => name)),
    innermost: unwrapped.layers.at(-1)?.name,
    tail: tail.text,
    // Text of the network plugin wraps the same errors of TLS and names, so it is looked for around them.
    ofAnother: !pull && isOfAnother(all.text),
    sign: signIn(tail.text) ?? signIn(all.text),
    where: where(unwrapped.layers, all.urls, reference, marksMirrors(parseRuntime(runtime))),
    plainHttp: all.urls.at(-1)?.startsWith('http:') === true,
    image: reference,
  };
}
