import { AirgapError } from '../../../shared/errors.ts';
import { parseEnd, registries, type End } from '../../supply/mirror/end.ts';

/** Where the flags have images copied from and to; at most one of them is a folder. */
export function endsOf(args: { readonly from: string | undefined; readonly to: string | undefined }): {
  readonly from: End;
  readonly to: End;
} {
  const from = args.from === undefined ? registries : parseEnd(args.from, 'from');
  const to = args.to === undefined ? registries : parseEnd(args.to, 'to');
  if (from.kind === 'folder' && to.kind === 'folder')
    throw new AirgapError(
      'usage',
      'From folder to folder nothing has to be mirrored.',
      `Copy the files: cp -a ${from.path}/. ${to.path}/`,
    );
  return { from, to };
}
