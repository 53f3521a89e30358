import { AirgapError } from '../../shared/errors.ts';

const units: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/**
 * `--request-timeout` as kubectl reads it: `1m30s`, `500ms`, or seconds without a unit. Milliseconds, or undefined for
 * none (`0` or an empty text).
 */
export function parseDuration(given: string): number | undefined {
  const parts = /^\d+$/.test(given) ? [[given, 's'] as const] : split(given);
  const total = parts?.reduce((sum, [value, unit]) => sum + Number(value) * (units[unit] ?? 0), 0);
  if (total === undefined)
    throw new AirgapError(
      'usage',
      `"${given}" is no length of time.`,
      'Write it like 30s, 1m30s or 500ms; 0 means no limit.',
    );
  return total === 0 ? undefined : total;
}

function split(given: string): [string, string][] | undefined {
  if (!/^((\d+(\.\d+)?)(ms|s|m|h))*$/.test(given)) return undefined;
  return [...given.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h)/g)].map(([, value = '', unit = '']) => [value, unit]);
}
