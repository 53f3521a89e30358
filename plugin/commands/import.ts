import { command, type ExitCode } from './command.ts';
import { inventoryOutput } from './inventory-flags.ts';

export const importFiles = command({
  name: 'import',
  describe: "Read another tool's list of images into an inventory",
  details: [
    'Read are regsync.yml, the YAML source of skopeo sync, the manifests of hauler, and zarf.yaml. What is printed is the document of "kubectl airgap images", which "images" and "lock" take with -f.',
    'Nothing is asked of a registry: where a file says "all tags", a range or an expression, uses a template, or leads to another file, that is told by its line on standard error and in the document, and is not left out in silence.',
    'Exit code: 0 when all of it is there, 1 when something could not be resolved, 2 for unreadable input.',
  ],
  examples: [
    [
      'From regsync to a lock',
      'kubectl airgap import regsync.yml > inventory.yaml; kubectl airgap lock -f inventory.yaml',
    ],
    ['Several files, of several tools', 'kubectl airgap import hauler-manifest.yaml zarf.yaml'],
    ['Only the references, one a line', 'kubectl airgap import --format skopeo sync.yml -o name'],
  ],
  operand: {
    name: 'file',
    describe: 'to read; - for standard input',
    many: true,
    required: true,
    complete: 'files',
  },
  flags: {
    format: {
      type: 'string',
      value: 'FORMAT',
      choices: ['regsync', 'skopeo', 'hauler', 'zarf'],
      describe: 'whose files these are; without it each file says so by what it holds',
    },
    output: { ...inventoryOutput, default: 'yaml', describe: 'how to print the inventory' },
  },
  run: async (args, io): Promise<ExitCode> => {
    const { importFiles: readFiles } = await import('../supply/import/import-files.ts');
    const report = await readFiles({ files: args.operands, format: args.format ?? null, stdin: io.stdin });
    const { printInventory } = await import('../render/images.ts');
    io.print(printInventory(report, args.output, io.terminal));
    for (const { resource, reason } of report.unsearched) io.say(`warning: ${resource}: ${reason}`);
    for (const { image, reason, places } of report.invalid)
      io.say(`warning: ${places[0]?.file ?? ''}: ${image} is no image: ${reason}`);
    return report.unsearched.length + report.invalid.length > 0 ? 1 : 0;
  },
});
