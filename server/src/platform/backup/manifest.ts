// What an archive says about itself, as its last entry: what it is of, where it ends, and the digest of every file.
// It is sealed with the rest, so it can be believed once the archive has proved whole.
import * as z from 'zod';

const text = z.string().min(1).max(1_000);
const instant = z.iso.datetime();
/** A position in the database's log, as PostgreSQL writes it. */
const lsn = z.string().regex(/^[0-9A-F]{1,8}\/[0-9A-F]{1,8}$/);

/** A moment in the erasure log: which log, how many entries it had, and the digest over all of them. */
export const erasureMark = z.strictObject({
  log: z.uuid(),
  sequence: z.int().nonnegative(),
  chain: z.hex().length(64),
});

/** Facts of a backup of the database. */
export const databaseFacts = z.strictObject({
  kind: z.literal('database'),
  created_at: instant,
  postgres_version: text,
  system_identifier: z.string().regex(/^\d{1,20}$/),
  /** How many migrations the database had. */
  migration: z.int().nonnegative(),
  start_lsn: lsn,
  stop_lsn: lsn,
  erasures: erasureMark.nullable(),
});

/** Facts of a backup of the key store. */
export const keyFacts = z.strictObject({
  kind: z.literal('keys'),
  created_at: instant,
  expires_at: instant,
  erasures: erasureMark,
});

export const archivedFile = z.strictObject({
  path: text,
  octets: z.int().nonnegative(),
  sha256: z.hex().length(64),
});

export const manifest = z.strictObject({
  facts: z.discriminatedUnion('kind', [databaseFacts, keyFacts]),
  files: z.array(archivedFile),
});

export type DatabaseFacts = z.infer<typeof databaseFacts>;
export type KeyFacts = z.infer<typeof keyFacts>;
export type BackupFacts = DatabaseFacts | KeyFacts;
export type ArchivedFile = z.infer<typeof archivedFile>;
export type Manifest = z.infer<typeof manifest>;
