import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { test } from 'node:test';
import { MUTANTS } from './mutants.ts';
import { makeMutant } from './mutation.ts';

const SOURCE = resolve(import.meta.dirname, '../../src');

test('every mutant still applies to the source and changes it', () => {
  for (const { name, patches } of MUTANTS)
    for (const { file, find, replace } of patches) {
      assert.equal(readFileSync(join(SOURCE, file), 'utf8').split(find).length - 1, 1, `${name}: ${file}`);
      assert.notEqual(find, replace);
    }
});

test('a patch whose text is not there is refused', () => {
  const patch = { file: 'messages/flush.ts', find: 'text that stands nowhere', replace: '' };
  assert.throws(() => makeMutant([patch]), /stands there 0 times/);
});
