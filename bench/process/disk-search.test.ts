import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { filesWith } from './disk-search.ts';

test('a text is found in any file below the folder, also where two pieces of one meet', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'sotto-bench-search-'));
  try {
    await mkdir(join(folder, 'deep', 'er'), { recursive: true });
    const large = Buffer.alloc(9 * 1024 * 1024);
    large.write('a secret', 4 * 1024 * 1024 - 3);
    await writeFile(join(folder, 'deep', 'er', 'large'), large);
    await writeFile(join(folder, 'end'), 'ends with a secret');
    await writeFile(join(folder, 'none'), 'a secre');
    const found = await filesWith(folder, 'a secret');
    assert.deepEqual(found.sort(), [join(folder, 'deep', 'er', 'large'), join(folder, 'end')]);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
