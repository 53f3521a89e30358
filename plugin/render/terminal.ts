/** What an output can show. Found out once, by `terminalOf`, and handed to everything that lays out. */
export interface Terminal {
  /** Columns to wrap at. */
  readonly width: number;
  /** Columns that it has, where it is a terminal: a row that is longer would be broken anywhere. */
  readonly columns?: number;
  readonly colour: boolean;
  /** Whether √ × ‼ can be shown; ASCII otherwise. */
  readonly unicode: boolean;
}

interface Output {
  readonly isTTY?: boolean;
  readonly columns?: number;
}

type Env = Readonly<Record<string, string | undefined>>;

/**
 * Reads what the output can show from the stream and the environment: NO_COLOR and TERM=dumb against FORCE_COLOR (unless
 * it is 0); LC_ALL, LC_CTYPE and LANG, in this order, for UTF-8; COLUMNS where the stream is no terminal, and 80 where
 * nothing says more.
 */
export function terminalOf(output: Output, env: Env, platform: NodeJS.Platform): Terminal {
  return {
    width: widthOf(output, env),
    ...(output.columns === undefined ? {} : { columns: output.columns }),
    colour: coloured(output, env),
    unicode: unicodeOf(env, platform),
  };
}

function widthOf(output: Output, env: Env): number {
  const width = output.columns ?? Number(env['COLUMNS']);
  // Narrower than 40 nothing wraps well; wider than 160 no line is easy to read.
  return Number.isInteger(width) && width > 0 ? Math.min(Math.max(width, 40), 160) : 80;
}

function coloured(output: Output, env: Env): boolean {
  if (isSet(env['NO_COLOR'])) return false;
  if (env['FORCE_COLOR'] !== undefined) return env['FORCE_COLOR'] !== '0' && env['FORCE_COLOR'] !== 'false';
  return output.isTTY === true && env['TERM'] !== 'dumb';
}

function unicodeOf(env: Env, platform: NodeJS.Platform): boolean {
  const locale = [env['LC_ALL'], env['LC_CTYPE'], env['LANG']].find(isSet);
  if (locale !== undefined) return /utf-?8/i.test(locale);
  // No locale at all is the POSIX one, except where the system has never had another encoding.
  return platform === 'darwin' || (platform === 'win32' && isSet(env['WT_SESSION']));
}

function isSet(value: string | undefined): boolean {
  return value !== undefined && value !== '';
}
