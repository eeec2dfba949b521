// An audit trail of a test: entries written as the product writes them, sealed as the job seals them, and tampered
// with as only the owner of the database could, past triggers and row-level security.
import { before } from 'node:test';
import { type TestDatabase, useDatabase } from '../../../../test/harness.ts';
import { openKeyring } from '../../keys/cached-keyring.ts';
import type { Keyring } from '../../keys/keyring.ts';
import { openMemoryKeyStore } from '../../keys/memory-key-store.ts';
import type { AuditEntry } from '../entry.ts';
import { record } from '../record.ts';
import { sealEntries } from '../seal-entries.ts';
import { type Verification, type VerifyRange, verifyAudit } from '../verify.ts';

export interface Trail {
  readonly database: TestDatabase;
  readonly keyring: Keyring;
  /** Writes entries, each in a transaction of its own. */
  write(count: number, entry?: Partial<AuditEntry>): Promise<void>;
  /** Seals everything that is committed, in batches of `limit`; how many entries got a place. */
  seal(limit?: number): Promise<number>;
  verify(range?: VerifyRange): Promise<Verification>;
  /** Runs SQL as the owner with triggers off. */
  tamper(sql: string, values?: readonly unknown[]): Promise<void>;
}

export const KEY_ID = '01930000-0000-7000-8000-000000000001';
export const WORKSPACE_ID = '01930000-0000-7000-8000-000000000002';

export function useTrail(): Trail {
  const database = useDatabase();
  let keyring: Keyring;
  before(async () => {
    keyring = await openKeyring(openMemoryKeyStore());
  });
  const trail: Trail = {
    database,
    get keyring() {
      return keyring;
    },
    async write(count, entry = {}) {
      for (let index = 0; index < count; index++) {
        await database.db.batch((tx) =>
          record(tx, keyring, {
            action: 'api_key.revoked',
            actor: { kind: 'customer_key', keyId: KEY_ID },
            object: { kind: 'api_key', id: KEY_ID },
            affected: index,
            ...entry,
          }),
        );
      }
    },
    async seal(limit = 7) {
      for (let sealed = 0; ; ) {
        const batch = await sealEntries(database.db, keyring, limit);
        sealed += batch.sealed;
        if (!batch.more) return sealed;
      }
    },
    verify: (range) => verifyAudit(database.db, keyring, range),
    async tamper(sql, values = []) {
      await database.sql('set session_replication_role = replica');
      try {
        await database.sql(sql, values);
      } finally {
        await database.sql('set session_replication_role = origin');
      }
    },
  };
  return trail;
}
