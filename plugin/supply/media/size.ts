const powers = ['', 'k', 'm', 'g', 't'];

/**
 * Bytes of a size as people and Kubernetes write them: `4Gi` and `4GiB` are 4 × 2^30, `4G` and `4GB` are 4 × 10^9, and
 * `4GiB-1` is one byte less, which is the most that a file on FAT32 has. Undefined for anything else.
 */
export function parseSize(written: string): number | undefined {
  const match = /^(\d{1,15}(?:\.\d{1,6})?)([kmgt]?)(i?)b?(?:-(\d{1,15}))?$/i.exec(written.trim());
  if (match === null) return undefined;
  const [, amount = '', power = '', binary = '', less = '0'] = match;
  if (power === '' && (binary !== '' || amount.includes('.'))) return undefined;
  const unit = (binary === '' ? 1000 : 1024) ** powers.indexOf(power.toLowerCase());
  const bytes = Math.floor(Number(amount) * unit) - Number(less);
  return bytes >= 0 && Number.isSafeInteger(bytes) ? bytes : undefined;
}
