import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';

/** Where the files of a Go module are that a folder of `tools/` pins; downloaded when it is not there yet. */
export async function moduleFiles(folder: string, module: string): Promise<string> {
  const cwd = path.join(import.meta.dirname, folder);
  const { stdout } = await promisify(execFile)('go', ['mod', 'download', '-json', module], { cwd });
  return (JSON.parse(stdout) as { Dir: string }).Dir;
}
