// A second set of folders for the backups of one installation: where it is restored to, with the keys and the erasure
// log of the first unless others are named.
import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Config, readConfig } from '#platform/config';
import { type Ground, openGround } from '../../src/main/ground.ts';
import { runHere, type Said } from '../run-here.ts';
import type { Ended, Installation, Product } from '../start/product.ts';

const CLI = join(import.meta.dirname, '../../src/main/cli.mjs');

export interface BackedUp {
  /** The environment every command of the installation gets. */
  readonly env: Record<string, string>;
  readonly backups: string;
  readonly keyFile: string;
  readonly erasureLog: string;
  /** In a process of its own. */
  run(args: readonly string[], env?: Record<string, string>): Product;
  /** In this process, to its end. */
  says(args: readonly string[], env?: Record<string, string>): Promise<Said>;
  /** Runs a command under another program, which gets it as its further arguments. */
  runUnder(program: readonly [string, ...string[]], args: readonly string[]): Promise<Ended>;
  /** Runs a command with `--json` and parses the answer. Throws what it said when it failed. */
  json<T>(args: readonly string[], env?: Record<string, string>): Promise<T>;
  /** A folder that does not exist yet, for a restore. */
  newFolder(): string;
  /** Stands on a restored installation in this process. */
  ground(env?: Record<string, string>): Promise<Ground>;
}

/** Gives an installation a backup key and a folder for backups. */
export function backedUp(installation: Installation): BackedUp {
  const backups = mkdtempSync(join(installation.folder, 'backups-'));
  const keyFile = join(installation.folder, 'backup-key');
  writeFileSync(keyFile, `${'k3y-of-the-tests-'.repeat(3)}\n`, { mode: 0o600 });
  const env = { SOTTO_BACKUP_KEY_FILE: keyFile };
  const run = (args: readonly string[], more: Record<string, string> = {}) =>
    installation.run(args, { ...env, ...more });
  const configOf = (more: Record<string, string>): Config =>
    readConfig({ ...installation.environment, ...env, ...more });
  const says = (args: readonly string[], more: Record<string, string> = {}) =>
    runHere(args, { ...installation.environment, ...env, ...more });
  let folders = 0;
  return {
    env,
    backups,
    keyFile,
    erasureLog: `${installation.keysDir}.erasures`,
    run,
    says,
    runUnder: ([program, ...before], args) =>
      new Promise((resolve, reject) => {
        const child = execFile(
          program,
          [...before, process.execPath, CLI, ...args],
          { env: { ...installation.environment, ...env } },
          (_error, out, err) => resolve({ code: child.exitCode, out, err }),
        );
        child.once('error', reject);
      }),
    async json<T>(args: readonly string[], more: Record<string, string> = {}) {
      const { code, out, err } = await says([...args, '--json'], more);
      if (code !== 0) throw new Error(`exit code ${code}: ${err}${out}`);
      return JSON.parse(out) as T;
    },
    newFolder: () => join(installation.folder, `restored-${++folders}`),
    ground: (more = {}) => openGround(configOf(more), { migrate: false }),
  };
}

/** What a refused command says: exit code 1, a sentence, ways out, and no stack. */
export function assertRefusal({ code, err }: Said | Ended, says: RegExp): void {
  if (code !== 1 || !says.test(err) || !/\nWays out:\n {2}- /.test(err) || /\n\s+at /.test(err))
    throw new Error(`Not the refusal wanted (${says}), exit code ${code}:\n${err}`);
}

/** Names in a folder; none when there is no folder. */
export const namesIn = (folder: string): string[] => (existsSync(folder) ? readdirSync(folder).sort() : []);

/** Octets of every file under a folder that contain one of the texts, as `file: text`. */
export function filesWith(folder: string, texts: readonly string[]): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .flatMap((entry) => {
      const octets = readFileSync(join(entry.parentPath, entry.name));
      return texts.filter((text) => octets.includes(text)).map((text) => `${entry.name}: ${text}`);
    });
}
