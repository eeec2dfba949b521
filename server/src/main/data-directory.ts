// Who uses a data directory. Several processes of one machine may stand on its embedded database at once (the server,
// a command beside it), so: the last one to leave stops the database, and one alone runs the simulated carrier, whose
// address is written into the database. The kernel ends both claims when their process dies: Node has no flock, but a
// transaction on an empty SQLite file is one, shared or alone.
import { accessSync, constants, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { monotonicMs, pause } from '#platform/clock';
import { Refusal } from '#platform/errors';

/** Longer than a leaving process needs to stop the embedded database. */
const ENTER_LIMIT_MS = 40_000;
const RETRY_MS = 50;
const SQLITE_BUSY = 5;

/** Makes the data directory. Throws a Refusal when it cannot be made or written to. */
export function makeDataDirectory(dataDir: string): void {
  try {
    mkdirSync(dataDir, { recursive: true });
    accessSync(dataDir, constants.W_OK | constants.X_OK);
  } catch (error) {
    throw new Refusal(
      `The data directory ${dataDir} cannot be made or written to (${(error as NodeJS.ErrnoException).code}).`,
      [
        'give it to the account that runs Sotto (chown), or run Sotto as the account that owns it',
        'set SOTTO_DATA_DIR to another folder',
      ],
      error,
    );
  }
}

/** Inside a data directory, while a backup is restored into it and until that has ended well. */
export const RESTORE_STAGE = 'restoring';

/** Throws a Refusal while a data directory holds what a killed restore left: nothing new is begun beside it. */
export function refuseHalfRestored(dataDir: string): void {
  const stage = join(dataDir, RESTORE_STAGE);
  if (!existsSync(stage)) return;
  throw new Refusal(`A restore into the data directory ${dataDir} runs, or did not finish.`, [
    'let it finish, or run sotto restore again with the backup of the database',
    `to do without it, once none runs: delete ${stage}`,
  ]);
}

/** Takes a data directory, which must exist, for oneself alone. Throws a Refusal when anybody is present. */
export function takeDataDirectory(dataDir: string): Claim {
  const lock = new DatabaseSync(join(dataDir, 'present.lock'), { timeout: 0 });
  if (!take(lock, 'alone')) {
    lock.close();
    throw new Refusal(`Another Sotto uses the data directory ${dataDir}.`, [
      'stop it',
      'set SOTTO_DATA_DIR to an empty folder',
    ]);
  }
  return { release: () => lock.close() };
}

export interface Presence {
  /** Leaves, and runs `ifLast` first when nobody else is present; who enters meanwhile waits for it. */
  leave(ifLast: () => Promise<void>): Promise<void>;
}

/** Enters the data directory, which must exist. Waits while somebody who leaves stops the database. */
export async function enterDataDirectory(dataDir: string): Promise<Presence> {
  const lock = new DatabaseSync(join(dataDir, 'present.lock'), { timeout: 0 });
  const until = monotonicMs() + ENTER_LIMIT_MS;
  while (!take(lock, 'shared')) {
    if (monotonicMs() > until) {
      lock.close();
      throw new Refusal('Another Sotto has been stopping its database for too long.', [
        'end that process, and start again',
      ]);
    }
    await pause(RETRY_MS);
  }
  return {
    async leave(ifLast) {
      if (!lock.isOpen) return;
      try {
        lock.exec('rollback');
        if (take(lock, 'alone')) await ifLast();
      } finally {
        lock.close();
      }
    },
  };
}

export interface Claim {
  release(): void;
}

/** Claims the one simulated carrier of a data directory. Throws a Refusal that names the process which has it. */
export function claimSimulator(dataDir: string): Claim {
  const lock = new DatabaseSync(join(dataDir, 'simulator.lock'), { timeout: 0 });
  const holderFile = join(dataDir, 'simulator.pid');
  if (!take(lock, 'alone')) {
    lock.close();
    throw new Refusal(
      `Another Sotto${holderOf(holderFile)} runs on the data directory ${dataDir} with the simulated carrier.`,
      [
        'use it, or stop it and start again',
        'begin a second installation beside it: set SOTTO_DATA_DIR, SOTTO_KEYS_DIR and SOTTO_MASTER_KEY_FILE to places of its own',
        'add a process to it: set SOTTO_SIMULATOR=false and another SOTTO_PORT',
      ],
    );
  }
  writeFileSync(holderFile, `${process.pid}\n`, { mode: 0o600 });
  return {
    release() {
      if (!lock.isOpen) return;
      rmSync(holderFile, { force: true });
      lock.close();
    },
  };
}

function holderOf(file: string): string {
  try {
    const pid = Number(readFileSync(file, 'utf8'));
    return Number.isInteger(pid) ? ` (process ${pid})` : '';
  } catch {
    return ''; // it claimed a moment ago, or is about to leave
  }
}

/** Takes the lock if it is free. Held until the transaction ends. */
function take(lock: DatabaseSync, how: 'shared' | 'alone'): boolean {
  try {
    lock.exec(how === 'alone' ? 'begin exclusive' : 'begin');
    // A transaction takes its shared lock when it first reads.
    if (how === 'shared') lock.prepare('select count(*) from sqlite_schema').get();
    return true;
  } catch (error) {
    if ((error as { errcode?: number }).errcode !== SQLITE_BUSY) throw error;
    if (lock.isTransaction) lock.exec('rollback');
    return false;
  }
}
