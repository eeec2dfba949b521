// A lock between processes that the kernel releases when its holder dies, which a lock file with a process
// number in it cannot promise. Node has no flock; a transaction on an empty SQLite file is one: readers share,
// `begin exclusive` waits for them. Taking the shared lock costs about 10 microseconds.
import { closeSync, fchmodSync, openSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { KeyStoreFault } from './key-store.ts';

const SQLITE_BUSY = 5;
const RETRY_MS = 5;

const busy = (error: unknown) => (error as { errcode?: number }).errcode === SQLITE_BUSY;

export interface StoreLock {
  /** Runs `work` while nobody is in `alone`. Waits up to `waitMs`. */
  shared<T>(work: () => Promise<T>): Promise<T>;
  /** Runs `work` while nobody else is in `shared` or `alone`. With `waitMs` 0 it is refused at once when taken. */
  alone<T>(work: () => Promise<T>): Promise<T>;
}

/**
 * A lock on `path`, an empty file made for nothing else. Every hold opens its own connection, so that holds of
 * one process keep each other out as well. `refusal` is the sentence thrown when waiting was in vain.
 */
export function openStoreLock(path: string, waitMs: number, refusal: string): StoreLock {
  const file = openSync(path, 'a', 0o600);
  fchmodSync(file, 0o600);
  // Closed before the first lock exists: closing any descriptor of a file drops the process's locks on it.
  closeSync(file);

  async function hold<T>(take: (db: DatabaseSync) => void, work: () => Promise<T>): Promise<T> {
    const db = new DatabaseSync(path, { timeout: 0 });
    try {
      const giveUpAt = performance.now() + waitMs;
      for (;;) {
        try {
          take(db);
          break;
        } catch (error) {
          if (!busy(error)) throw error;
          if (performance.now() >= giveUpAt) throw new KeyStoreFault(refusal, { cause: error });
          if (db.isTransaction) db.exec('rollback');
          await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
        }
      }
      return await work();
    } finally {
      db.close();
    }
  }

  return {
    shared: (work) =>
      hold((db) => {
        db.exec('begin');
        db.prepare('select count(*) from sqlite_schema').get();
      }, work),
    alone: (work) => hold((db) => db.exec('begin exclusive'), work),
  };
}
