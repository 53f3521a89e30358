import { AirgapError } from '../../../shared/errors.ts';
import { parseEnd } from '../../supply/mirror/end.ts';

/** The folder of a flag that must name one. */
export function folderOf(written: string | undefined, flag: 'from' | 'to', what: string): string {
  const end = written === undefined ? null : parseEnd(written, flag);
  if (end?.kind === 'folder') return end.path;
  throw new AirgapError('usage', `${what} is not said.`, `Pass --${flag} dir:PATH.`);
}
