/** One `-----BEGIN X-----` … `-----END X-----` of a text; `body` is what stands between, undecoded. */
export interface PemBlock {
  readonly label: string;
  readonly body: string;
}

const begin = '-----BEGIN ';
const end = '-----END ';
const longestLabel = 64;

/**
 * The PEM blocks of any text, in order (RFC 7468, the lax form). A block that is cut off, or whose end names another
 * label, is left out. Linear in the length of the text whatever it holds: bundles come from archives of strangers.
 */
export function* pemBlocks(text: string): Generator<PemBlock> {
  let close = -1;
  for (let open = text.indexOf(begin); open >= 0;) {
    const next = text.indexOf(begin, open + begin.length);
    if (close < open) close = text.indexOf(end, open);
    if (close < 0) return;
    if (next < 0 || close < next) {
      const label = labelAt(text, open + begin.length);
      if (label !== undefined && label === labelAt(text, close + end.length))
        yield { label, body: text.slice(open + begin.length + label.length + 5, close) };
    }
    open = next;
  }
}

function labelAt(text: string, from: number): string | undefined {
  const dashes = text.slice(from, from + longestLabel + 5).indexOf('-----');
  return dashes < 0 ? undefined : text.slice(from, from + dashes);
}

/** The PEM of one block. */
export function pemOf(label: string, bytes: Uint8Array): string {
  const lines = Buffer.from(bytes)
    .toString('base64')
    .replaceAll(/.{64}(?=.)/g, '$&\n');
  return `-----BEGIN ${label}-----\n${lines}\n-----END ${label}-----\n`;
}
