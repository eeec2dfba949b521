// The ledger of an installation that had decisions before they had an end: what is history is found, and who lives.
import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import pg from 'pg';
import { useDatabase } from '../../../test/harness.ts';
import { onOwnedDatabase } from '../../../test/owned-database.ts';
import { MIGRATIONS_DIR, migrate } from '../../platform/db/migrate.ts';

describe('privacy: upgrade', () => {
  const at = useDatabase({ connections: 1 });
  const folder = mkdtempSync(join(tmpdir(), 'sotto-upgrade-'));
  after(() => rmSync(folder, { recursive: true }));

  const [SHOP, GONE] = ['01980000-0000-7000-8000-0000000000aa', '01980000-0000-7000-8000-0000000000bb'];
  const idOf = (n: number) => `01980000-0000-7000-8000-${String(n).padStart(12, '0')}`;

  test('records of before get their end, and erased workspaces are told from living ones', async () => {
    for (const file of readdirSync(MIGRATIONS_DIR).filter((each) => each < '0017'))
      cpSync(join(MIGRATIONS_DIR, file), join(folder, file));
    await onOwnedDatabase(at.url, async (url) => {
      await migrate(url, folder);
      const client = new pg.Client({ connectionString: url });
      await client.connect();
      try {
        await client.query('set role sotto_batch');
        await client.query(
          `insert into accounts.workspace (id, kind, currency) values ($1, 'organisation', 'EUR')`,
          [SHOP],
        );
        const record = (n: number, workspace: string, decision: string, more: Record<string, string> = {}) =>
          client.query(
            `insert into privacy.consent_record
             (id, workspace_id, subject_kind, subject, purpose, decision, method, policy_hash, withdraws, decided_at,
              expires_at, recorded_at)
           values ($1, $2, 'workspace', decode(lpad('01', 34, '01'), 'hex'), $3, $4, 'form', $5, $6, $7, $8, $7)`,
            [
              idOf(n),
              workspace,
              more.purpose ?? 'improve',
              decision,
              Buffer.alloc(32),
              more.withdraws ?? null,
              `2026-01-0${n}T00:00:00Z`,
              more.expires ?? null,
            ],
          );
        await record(1, SHOP, 'given');
        await record(2, SHOP, 'given');
        await record(3, SHOP, 'withdrawn', { withdraws: idOf(1) });
        await record(4, SHOP, 'given', { purpose: 'analytics', expires: '2026-02-01T00:00:00Z' });
        await record(5, GONE, 'given');
        await client.query('reset role');
        await migrate(url);
        await client.query('set role sotto_batch');
        const { rows: lives } = await client.query(
          'select record_id, first_id, ended_at from privacy.consent_life order by record_id',
        );
        const day = (n: number) => new Date(`2026-01-0${n}T00:00:00Z`);
        assert.deepEqual(
          lives.map((life) => [life.record_id, life.first_id, life.ended_at]),
          [
            [idOf(1), idOf(1), day(3)],
            [idOf(2), idOf(1), day(3)],
            [idOf(3), idOf(1), day(3)],
            [idOf(4), idOf(4), new Date('2026-02-01T00:00:00Z')],
            [idOf(5), idOf(5), null],
          ],
        );
        const { rows: ended } = await client.query('select workspace_id from privacy.ended_workspace');
        assert.deepEqual(ended, [{ workspace_id: GONE }], 'the living one is not among them');
        const { rows: gone } = await client.query(
          `select privacy.end_consents(platform.clock(), '{}', 500) as n, privacy.forget_workspaces(platform.clock(), '{}', 500) as w`,
        );
        assert.deepEqual(gone, [{ n: 5, w: 1 }], 'the functions work for an owner who is no superuser');
      } finally {
        await client.end();
      }
    });
  });
});
