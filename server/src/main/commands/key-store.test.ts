import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { type Environment, readConfig } from '#platform/config';
import { Refusal } from '#platform/errors';
import { createProgram } from '../program.ts';
import { UsageFault } from '../shell.ts';

/** Runs `sotto key-store measure` with these words and returns what it answered. */
async function measure(environment: Environment, ...words: string[]): Promise<string> {
  let said = '';
  const program = createProgram({
    out: (text) => {
      said += text;
    },
    note: () => undefined,
    readConfig: (overrides) => readConfig(environment, overrides),
    readInput: () => assert.fail('nothing is read'),
    setExitCode: () => assert.fail('a wrong use is thrown'),
  });
  await program.parseAsync(['node', 'sotto', 'key-store', 'measure', ...words]);
  return said;
}

const SMALL = ['--keys', '3', '--workspace-keys', '1,2', '--workspace-rows', '4'];

test('measuring opens no key store, makes none, and leaves nothing behind', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'sotto-measure-'));
  try {
    const said = await measure({ SOTTO_KEYS_DIR: join(folder, 'keys') }, ...SMALL);
    assert.match(said, /^Destroying one key: mean [\d.]+ ms, p50 [\d.]+ ms, p99 [\d.]+ ms\.$/m);
    assert.match(said, /^A workspace \(keys: 2, rows: 4\): [\d.]+ ms; 4 rows read as shredded\.$/m);
    assert.deepEqual(await readdir(folder), []);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

test('numbers that are none, and keys on another cluster, are refused before anything is made', async () => {
  for (const words of [
    ['--keys', '0'],
    ['--keys', '1.5'],
    ['--workspace-keys', '1,many'],
    ['--workspace-rows', '9999999'],
    ['--rounds', '101'],
  ]) {
    await assert.rejects(measure({}, ...words), UsageFault, words.join(' '));
  }
  const elsewhere = {
    SOTTO_DATABASE_URL: 'postgres://sotto@localhost/sotto',
    SOTTO_KEYS_URL: 'postgres://keys@localhost:5433/keys',
  };
  await assert.rejects(measure(elsewhere, ...SMALL), Refusal);
});
