import type { Holder } from '../holder.ts';
import type { Part } from '../parts.ts';
import type { Folder } from './folder.ts';

/** A folder, through its files: `quick` looks at their sizes, `whole` reads all of their bytes. */
export function folderHolder(folder: Folder): Holder {
  return {
    look: async ({ parts }, how) => {
      const absent: Part[] = [];
      const damaged: string[] = [];
      for (const part of parts) {
        if ((await folder.size(part.digest)) !== part.size) absent.push(part);
        else if (how === 'whole' && (await folder.check(part.digest)) !== 'good') {
          absent.push(part);
          damaged.push(part.digest);
        }
      }
      const detail = damaged.length === 0 ? '' : `damaged in ${folder.path}: ${damaged.join(', ')}`;
      return { seen: true, absent, untagged: [], unlisted: [], detail };
    },
  };
}
