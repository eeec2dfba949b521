// Where an erasure log is kept: a file beside the embedded key store, or a table in the key cluster, so that it is
// shared by whoever shares the keys. Either lies outside the database and its backups.
import { existsSync } from 'node:fs';
import { rename } from 'node:fs/promises';
import type pg from 'pg';
import { createErasureLog, type ErasureLog, openErasureLog } from './erasure-log.ts';
import { findLog } from './erasure-table.sql.ts';
import { createErasureTable, openErasureTable } from './erasure-table.ts';

export interface ErasurePlace {
  /** For people. */
  readonly name: string;
  exists(): Promise<boolean>;
  /** Makes a new, empty log, durable when it resolves. Where there is one, throws a `Refusal` (a table: goes on in a new one). */
  create(): Promise<void>;
  /** Throws a `Refusal` when there is none, or when it is damaged. */
  open(): Promise<ErasureLog>;
  /** Makes room for a new log and keeps the old one. Returns where it went. */
  setAside(): Promise<string>;
}

/** A log in a file of its own. */
export const erasureFile = (path: string): ErasurePlace => ({
  name: path,
  exists: async () => existsSync(path),
  create: () => createErasureLog(path),
  open: () => openErasureLog(path),
  async setAside() {
    let number = 1;
    while (existsSync(`${path}.set-aside-${number}`)) number += 1;
    await rename(path, `${path}.set-aside-${number}`);
    return `${path}.set-aside-${number}`;
  },
});

/** A log in the key cluster. An old one stays in the table, under its own name. */
export const erasureTable = (pool: pg.Pool): ErasurePlace => ({
  name: 'the table sotto_keys.erasure of the key cluster',
  exists: async () => (await findLog(pool)) !== null,
  create: () => createErasureTable(pool),
  open: () => openErasureTable(pool),
  setAside: async () => `the same table, as log ${(await findLog(pool)) ?? 'unknown'}`,
});
