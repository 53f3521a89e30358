import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { after, test } from 'node:test';
import { debianFile } from '../cluster/tools/debian.ts';
import { imagesFolder, noise } from '../plugin/supply/media/images-folder.ts';

const main = path.resolve(import.meta.dirname, '../../plugin/main.ts');
const folder = mkdtempSync(path.join(tmpdir(), 'airgap-disk-'));
after(() => rmSync(folder, { recursive: true }));
for (const name of ['usb', 'inside']) mkdirSync(path.join(folder, name));
imagesFolder(path.join(folder, 'images'), {
  'r.example/app:1': [noise(120_000, 'a'), noise(120_000, 'b'), noise(120_000, 'c')],
});

const unshare = path.join(path.dirname(debianFile('util-linux')), 'unshare');

/** Runs a script with mounts of its own, which end with it. `airgap` is the program. */
function script(text: string): Promise<{ readonly out: string; readonly code: unknown }> {
  const whole = `set -u; airgap() { '${process.execPath}' '${main}' mirror "$@" 2>&1; echo "code $?"; }\n${text}`;
  return new Promise((resolve) => {
    execFile(unshare, ['--mount', 'bash', '-c', whole], { cwd: folder }, (error, out) =>
      resolve({ out, code: error?.code ?? 0 }),
    );
  });
}

test('media and disks that are too small: said before or when they are full, and gone on with when there is room', async () => {
  const { out, code } = await script(`
    mount -t tmpfs -o size=300k tmpfs usb && mount -t tmpfs -o size=200k tmpfs inside || exit 9
    pack() { airgap pack --from ./images --to ./usb --volume-size 140KB; }
    echo '# pack'; pack
    mount -o remount,size=1m usb; echo '# pack again'; pack
    echo '# load'; airgap load usb --to ./inside; ls -A inside
    mount -o remount,size=1m inside; echo '# load again'; airgap load usb --to ./inside
    airgap check inside`);
  assert.equal(code, 0, out);
  const [, pack = '', packAgain = '', load = '', loadAgain = ''] = out.split(/^# .*\n/m);
  assert.match(pack, /^error: Volume 3 of 3 takes .* KiB, and .*usb has .* KiB free\.\nMake room there/);
  assert.match(pack, /code 3\n$/);
  assert.match(
    packAgain,
    /-1-of-3.* was there and is whole\n.*-2-of-3.* was there and is whole\n.*-3-of-3.* written\n/,
  );
  assert.match(load, /^error: What is still to be loaded takes .*inside has .* free\.\n.*\ncode 3\n/);
  assert.doesNotMatch(load, /^airgap\.lock\.yaml$/m);
  assert.match(loadAgain, /is complete: 1 image\.\n(.*\n)*code 0\n.*every blob is good\.\ncode 0\n$/);
});
