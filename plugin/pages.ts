import { readFileSync } from 'node:fs';

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
    const pages = JSON.parse(readFileSync(new URL('pages.json', import.meta.url), 'utf8')) as Pages;
    return version ? `${pages.version}\n` : pages.help[words.join(' ')];
  } catch {
    return undefined;
  }
}
