import { AirgapError } from '../../../shared/errors.ts';

const powers: Readonly<Record<string, number>> = {
  '': 1,
  k: 1e3,
  m: 1e6,
  g: 1e9,
  ki: 2 ** 10,
  mi: 2 ** 20,
  gi: 2 ** 30,
};

/**
 * Bytes per second of `100Mbit/s`, `100Mbps`, `12.5MB/s`, `2GiB/s`: `bit` and `b` are bits, `B` and `byte` are bytes, as
 * on a line's contract and in a file manager. Throws an AirgapError (`usage`).
 */
export function parseRate(written: string): number {
  const [, amount = '', prefix = '', unit = '', short] =
    /^(\d{1,9}(?:\.\d{1,9})?) ?([kKmMgG]?i?)(bits?|bytes?|[bB])(?:\/s|(ps))$/.exec(written.trim()) ?? [];
  const power = powers[prefix.toLowerCase()];
  const bytes = Number(amount) * (power ?? 0) * (unit === 'b' || unit.startsWith('bit') ? 1 / 8 : 1);
  if (amount !== '' && bytes > 0 && !(short !== undefined && unit.startsWith('byte'))) return bytes;
  throw new AirgapError(
    'usage',
    `${JSON.stringify(written)} is no rate.`,
    'Write it as 100Mbit/s (bits) or 12.5MB/s (bytes).',
  );
}
