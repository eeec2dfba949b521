// The command line in this process, over a database of its own: what a command prints and how it ends, without a
// terminal.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';
import { type TestDatabase, useDatabase } from './harness.ts';
import { runHere, type Said } from './run-here.ts';

export interface CommandLine {
  readonly database: TestDatabase;
  readonly folder: string;
  /** Runs one command, with what it may read from standard input. */
  run(args: readonly string[], input?: string): Promise<Said>;
  /** Runs it with `--json` and parses the answer. Throws what it said when it failed. */
  json<T>(args: readonly string[]): Promise<T>;
}

/** Registers a command line for the tests of this file; use inside tests. */
export function useCommandLine(): CommandLine {
  const folder = mkdtempSync(join(tmpdir(), 'sotto-commands-'));
  after(() => rmSync(folder, { recursive: true, force: true }));
  const database = useDatabase();

  const run = (args: readonly string[], input = '') =>
    runHere(
      args,
      {
        // The parameter `host` decides; an address has one in its place too.
        SOTTO_DATABASE_URL: database.url.replace('@/', '@localhost/'),
        SOTTO_UNSAFE_DURABILITY: 'true',
        SOTTO_DATA_DIR: join(folder, 'data'),
        SOTTO_KEYS_DIR: join(folder, 'keys'),
        SOTTO_MASTER_KEY_FILE: join(folder, 'master-key'),
        SOTTO_DISK_FREE_MIN_PERCENT: '0',
      },
      input,
    );

  return {
    database,
    folder,
    run,
    async json<T>(args: readonly string[]) {
      const { code, out, err } = await run([...args, '--json']);
      if (code !== 0) throw new Error(`exit code ${code}: ${err}`);
      return JSON.parse(out) as T;
    },
  };
}
