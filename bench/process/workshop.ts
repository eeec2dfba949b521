// What every measure needs: processes that cannot be forgotten, folders that are removed, a way to the database.
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Children } from './children.ts';
import { endDatabaseLeftIn } from './left-database.ts';

/** A PostgreSQL as the server's own embedding runs it. */
export interface RunningDatabase {
  /** Connects as the owner, past row-level security. */
  readonly url: string;
  /** Process id of the postmaster. */
  readonly pid: number;
  /** Does nothing to a database that a running server started. */
  stop(): Promise<void>;
}

/** Given by the command line, because only the server knows how its database is started. */
export interface DatabaseAccess {
  /** The database of the server that runs in this data directory. */
  adopt(dataDir: string): Promise<RunningDatabase>;
  /** A migrated database without a server, with the settings the server would give it. */
  start(dataDir: string): Promise<RunningDatabase>;
}

export interface WorkshopOptions {
  /** Root of the repository. */
  readonly root: string;
  /** Where data directories are made: a real disk, or durability is not measured. */
  readonly directory: string;
  readonly database: DatabaseAccess;
  readonly seed: number;
  /** Shows a line of progress. */
  readonly say: (line: string) => void;
}

export class Workshop {
  readonly root: string;
  readonly seed: number;
  readonly say: (line: string) => void;
  readonly database: DatabaseAccess;
  readonly children = new Children();
  readonly #directory: string;
  readonly #folders = new Set<string>();

  constructor(options: WorkshopOptions) {
    this.root = options.root;
    this.seed = options.seed;
    this.say = options.say;
    this.database = options.database;
    this.#directory = options.directory;
  }

  /** Runs `work` in a folder of its own and removes the folder, whatever happens. */
  async inFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
    const folder = await mkdtemp(join(this.#directory, 'sotto-bench-'));
    this.#folders.add(folder);
    try {
      // The account that runs PostgreSQL when we are root must be able to enter.
      await chmod(folder, 0o755);
      return await work(folder);
    } finally {
      await this.children.stopAll();
      await this.#remove(folder);
    }
  }

  /** Runs `work` on a migrated database without a server, and stops it. The directory keeps what was done. */
  async onDatabase<T>(dataDir: string, work: (database: RunningDatabase) => Promise<T>): Promise<T> {
    const database = await this.database.start(dataDir);
    try {
      return await work(database);
    } finally {
      await database.stop();
      await removeSocketFolder(database.url);
    }
  }

  /** Ends every process, lets none start any more, and removes every folder. */
  async clear(): Promise<void> {
    await this.children.close();
    for (const folder of this.#folders) await this.#remove(folder);
  }

  async #remove(folder: string): Promise<void> {
    await endDatabaseLeftIn(folder);
    await rm(folder, { recursive: true, force: true });
    this.#folders.delete(folder);
  }
}

/** Removes the folder of a database's socket, which lies outside its data directory. The database must have ended. */
export async function removeSocketFolder(url: string): Promise<void> {
  const folder = new URL(url.replace('@/', '@localhost/')).searchParams.get('host');
  if (folder?.startsWith('/')) await rm(folder, { recursive: true, force: true });
}
