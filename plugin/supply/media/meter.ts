import { size } from '../../render/size.ts';

/** Is told how many more bytes have passed. */
export type Meter = (bytes: number) => void;

/** A progress line that says how far something has come, renewed once a percent. */
export function meter(what: string, total: number, progress: (line: string) => void): Meter {
  let passed = 0;
  let told = -1;
  const tell = (bytes: number): void => {
    passed += bytes;
    const percent = total === 0 ? 100 : Math.min(100, Math.floor((100 * passed) / total));
    if (percent === told) return;
    told = percent;
    progress(`${what}: ${percent} % of ${size(total)}`);
  };
  tell(0);
  return tell;
}
