import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { after, test } from 'node:test';
import { imagesFolder, noise } from '../plugin/supply/media/images-folder.ts';

const main = path.resolve(import.meta.dirname, '../../plugin/main.ts');
const folder = mkdtempSync(path.join(tmpdir(), 'airgap-memory-'));
after(() => rmSync(folder, { recursive: true }));

/** Prints the most memory that the program ever had; what its parent had before it does not count here. */
const tellMemory = `data:text/javascript,
  import { readFileSync } from 'node:fs';
  process.on('exit', () => process.stderr.write(readFileSync('/proc/self/status', 'utf8')));`;

function mebibytes(...line: readonly string[]): Promise<number> {
  return new Promise((resolve, reject) => {
    const args = ['--import', tellMemory, main, 'mirror', ...line];
    execFile(process.execPath, args, { cwd: folder }, (error, _, told) => {
      if (error !== null) reject(error);
      else resolve(Number(/VmHWM:\s+(\d+) kB/.exec(told)?.[1]) / 1024);
    });
  });
}

test('images of many times as much never enter memory: under 150 MiB to pack, check and load', async () => {
  imagesFolder(path.join(folder, 'images'), { 'r.example/app:1': [Buffer.alloc(400 * 2 ** 20, noise(64, 'a'))] });
  for (const line of [
    ['pack', '--from', './images', '--to', './usb', '--volume-size', '300MiB'],
    ['check', 'usb'],
    ['load', 'usb', '--to', './inside'],
  ]) {
    const most = await mebibytes(...line);
    assert.ok(most > 20 && most < 150, `${line[0]}: ${most} MiB`);
  }
});
