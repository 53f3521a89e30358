/** One file of a dump, wherever it lies. */
export interface DumpFile {
  /** Relative to the dump, with `/`, never with `..`. */
  readonly path: string;
  readonly bytes: number;
  readonly modified: Date;
}

/** Takes the content of one file, in order; what `end` promises is done when the pass is. */
export interface Sink {
  write(chunk: Uint8Array): void;
  end(): void | Promise<void>;
}

/** A directory or an archive. */
export interface DumpFiles {
  readonly files: readonly DumpFile[];
  /**
   * Reads in one pass the files that `sinkFor` wants. Throws an AirgapError where the dump itself is broken; what a
   * sink throws is not caught.
   */
  read(sinkFor: (path: string) => Sink | undefined): Promise<void>;
}
