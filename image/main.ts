/**
 * Writes the image of the webhook as an OCI archive: `npm run image -- -o webhook.tar [--name REF] [--node FILE]`.
 * For sites without a builder, or without a base image: all that is in it is the Node that this machine has, the shared
 * libraries that it needs, and the built program.
 */
import { existsSync, realpathSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';
import manifest from '../package.json' with { type: 'json' };
import { archiveOf } from './oci.ts';
import { webhookImage } from './webhook-image.ts';

const text = { type: 'string' } as const;
const { values } = parseArgs({
  options: {
    output: { ...text, short: 'o', default: 'webhook.tar' },
    name: { ...text, default: `airgap-webhook:${manifest.version}` },
    node: { ...text, default: process.execPath },
  },
});
if (!existsSync(path.resolve(import.meta.dirname, '../dist/airgap-webhook.mjs'))) {
  process.stderr.write('There is no dist/airgap-webhook.mjs yet: run "npm run build" first.\n');
  process.exit(2);
}
const archive = await archiveOf(await webhookImage(realpathSync(values.node)), values.name);
await writeFile(values.output, archive);
process.stdout.write(
  `Wrote ${values.output}, ${(archive.length / 1e6).toFixed(0)} MB. Push it with what you have, for example:\n` +
    `  skopeo copy oci-archive:${values.output} docker://my-registry.local/${values.name}\n` +
    `  regctl image import my-registry.local/${values.name} ${values.output}\n`,
);
