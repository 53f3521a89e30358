/**
 * Bytes that are gathered piece by piece. What goes beyond `limit` is counted and dropped, so that input of any length
 * costs bounded memory.
 */
export class ByteSink {
  readonly #limit: number;
  #buffer = Buffer.alloc(0);
  #length = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Of all that was appended, dropped bytes included. */
  get length(): number {
    return this.#length;
  }

  get overflowed(): boolean {
    return this.#length > this.#limit;
  }

  append(from: Buffer, start: number, end: number): void {
    const length = this.#length + end - start;
    if (length <= this.#limit) {
      if (length > this.#buffer.length) this.#grow(length);
      from.copy(this.#buffer, this.#length, start, end);
    }
    this.#length = length;
  }

  /** A view that is valid until the next `append` or `clear`. */
  bytes(): Buffer {
    return this.#buffer.subarray(0, Math.min(this.#length, this.#buffer.length));
  }

  clear(): void {
    this.#length = 0;
    // One huge item must not hold its memory for the rest of the list.
    if (this.#buffer.length > keep) this.#buffer = Buffer.alloc(0);
  }

  #grow(needed: number): void {
    const grown = Buffer.allocUnsafe(Math.min(Math.max(needed, this.#buffer.length * 2, 4096), this.#limit));
    this.#buffer.copy(grown, 0, 0, this.#length);
    this.#buffer = grown;
  }
}

const keep = 1 << 20;
