import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { makeFolder } from '../../plugin/make-folder.ts';

const root = mkdtempSync(path.join(tmpdir(), 'airgap-folder-'));
after(() => rmSync(root, { recursive: true }));

test('a folder is made with what is missing above it, and left alone where it is', async () => {
  const folder = path.join(root, 'a/b/c');
  await makeFolder(folder, 0o700);
  assert.equal(statSync(path.dirname(folder)).mode & 0o777, 0o700);
  await makeFolder(folder);
  assert.equal(statSync(folder).mode & 0o777, 0o700);
});

test('where no folder can be, that is said and not tried for ever', async () => {
  writeFileSync(path.join(root, 'file'), '');
  for (const place of ['file', 'file/below', 'file/below/further'])
    await assert.rejects(makeFolder(path.join(root, place)), { code: /EEXIST|ENOTDIR/ }, place);
  // The kernel says ENOENT here, although the folder above is there.
  if (existsSync('/proc/self')) await assert.rejects(makeFolder('/proc/none/below'), { code: 'ENOENT' });
});
