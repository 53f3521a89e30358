/** What the build writes beside the program: the version, and every page of help under the words that ask for it. */
export interface Pages {
  readonly version: string;
  readonly help: Readonly<Record<string, string>>;
}

/**
 * The answer to a command line that needs none of the program: its version or a page of help, made when the program was
 * built. Undefined for every other command line, and where the program runs from its sources.
 */
export function page(argv: readonly string[]): string | undefined {
  const words = argv.filter((word) => word !== '--help' && word !== '-h');
  const version = argv.length === 1 && (argv[0] === 'version' || argv[0] === '--version');
  const help = words.length < argv.length || argv.length === 0;
  if (!version && !help) return undefined;
  try {
    const { readFileSync } = process.getBuiltinModule('node:fs');
    const pages = JSON.parse(readFileSync(new URL('pages.json', import.meta.url), 'utf8')) as Pages;
    return version ? `${pages.version}\n` : pages.help[words.join(' ')];
  } catch {
    return undefined;
  }
}

/** Writes to standard output without the stream, whose making takes longer than all the rest. */
export function print(text: string): void {
  const bytes = Buffer.from(text);
  let written = 0;
  try {
    while (written < bytes.length) written += process.getBuiltinModule('node:fs').writeSync(1, bytes, written);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    // A full pipe that does not wait (EAGAIN) needs the stream after all; a closed one (EPIPE) needs nothing.
    if (code === 'EAGAIN') process.stdout.write(bytes.subarray(written));
  }
}
