import { execFileSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { readDockerfile } from './dockerfile.ts';
import { assemble, makeLayer, thisPlatform, type Assembled, type Layer } from './oci.ts';

const root = path.resolve(import.meta.dirname, '..');

/** The image of the webhook from a Node executable of this machine, and from nothing that would have to be pulled. */
export async function webhookImage(node: string): Promise<Assembled> {
  const { config, copies } = readDockerfile(await readFile(path.join(root, 'Dockerfile'), 'utf8'));
  const program = copies.map(async ({ from, to }) => ({
    name: to.slice(1),
    content: await readFile(path.join(root, from)),
  }));
  return assemble(thisPlatform, config, [await nodeLayer(node), await makeLayer(await Promise.all(program))]);
}

/** Node and the shared libraries that it needs: all that a base image has to bring. */
export async function nodeLayer(node: string): Promise<Layer> {
  const libraries = librariesOf(node).map(async (file) => ({
    name: file.slice(1),
    content: await readFile(file),
    mode: 0o755,
  }));
  const executable = { name: 'usr/local/bin/node', content: await readFile(node), mode: 0o755 };
  return makeLayer([executable, ...(await Promise.all(libraries))]);
}

/** The dynamic loader and the shared libraries of an executable, by the paths at which it looks for them. */
function librariesOf(executable: string): string[] {
  const lines = execFileSync('ldd', [executable], { encoding: 'utf8' }).split('\n');
  return lines.flatMap((line) => /(?:=> |^\s+)(\/[^ ]+) \(/.exec(line)?.[1] ?? []);
}
