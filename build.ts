// Bundles the programs into dist/. `--if-stale` does nothing when dist/ is newer than everything it is made of.
import { chmodSync, existsSync, globSync, mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { build } from 'esbuild';
import { pages } from './plugin/render/pages.ts';

const root = import.meta.dirname;
const dist = path.join(root, 'dist');
const programs = {
  'kubectl-airgap': 'plugin/main.ts',
  'kubectl_complete-airgap': 'plugin/completion.ts',
};
/** In one file, so that an image needs this and Node. */
const webhook = { 'airgap-webhook': 'webhook/main.ts' };

if (process.argv.includes('--if-stale') && isFresh()) process.exit();
const started = performance.now();
rmSync(dist, { recursive: true, force: true });
mkdirSync(dist);
const [together, alone] = await Promise.all([bundle(programs, true), bundle(webhook, false)]);
for (const name of Object.keys({ ...programs, ...webhook })) chmodSync(path.join(dist, `${name}.mjs`), 0o755);
writeFileSync(path.join(dist, 'pages.json'), JSON.stringify(pages()));
const bytes = together + alone;
console.log(`Built dist/: ${(bytes / 1e6).toFixed(1)} MB in ${((performance.now() - started) / 1000).toFixed(1)} s`);

/** Returns how many bytes it wrote. */
async function bundle(entryPoints: Record<string, string>, splitting: boolean): Promise<number> {
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints,
    outdir: dist,
    outExtension: { '.js': '.mjs' },
    chunkNames: 'chunks/[name]-[hash]',
    bundle: true,
    splitting,
    format: 'esm',
    platform: 'node',
    target: 'node22.19',
    // Names stay as they are, so that a stack trace in a bug report can be read.
    minifySyntax: true,
    minifyWhitespace: true,
    legalComments: splitting ? 'linked' : 'eof',
    metafile: true,
    logLevel: 'warning',
    // Dependencies in CommonJS call require() for Node's own modules, which an ES module does not have. Fetched in a way
    // that an old release of Node survives until it has been told that it is too old.
    banner: {
      js: 'const require=process.getBuiltinModule&&process.getBuiltinModule("module").createRequire(import.meta.url);',
    },
  });
  return Object.values(metafile.outputs).reduce((sum, output) => sum + output.bytes, 0);
}

function isFresh(): boolean {
  const made = path.join(dist, 'pages.json');
  if (!existsSync(made)) return false;
  const built = statSync(made).mtimeMs;
  const sources = globSync(['{plugin,shared,webhook}/**/*', 'build.ts', 'package-lock.json', 'package.json'], {
    cwd: root,
  });
  return sources.every((source) => statSync(path.join(root, source)).mtimeMs <= built);
}
