import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { MAGIC_NUMBERS } from './magic-numbers.ts';

test('the README lists exactly the magic numbers there are, in the same words', () => {
  const readme = readFileSync(join(import.meta.dirname, 'README.md'), 'utf8');
  const listed = [...readme.matchAll(/^\| (\d{4}) \| (.+) \|$/gm)].map(([, suffix, meaning]) => [
    suffix,
    meaning,
  ]);
  const known = Object.entries(MAGIC_NUMBERS).map(([suffix, { meaning }]) => [suffix, meaning]);
  assert.deepEqual(listed.sort(), known.sort());
});
