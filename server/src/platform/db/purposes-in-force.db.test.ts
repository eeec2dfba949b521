import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { useDatabase } from '../../../test/harness.ts';
import { Database } from './database.ts';
import { demandPurpose } from './purposes-in-force.ts';
import { statement } from './statement.ts';

describe('platform: purposes in force', () => {
  const database = useDatabase();

  const ADVERTISE = statement<{ one: number }>('test.advertise', 'marketing', 'select 1 as one');
  const CHARGE = statement<{ one: number }>('test.charge', 'billing', 'select 1 as one');

  test('without a set every purpose is in force, operations and the law always', () => {
    demandPurpose(undefined, 'marketing');
    demandPurpose(new Set(), 'operations');
    demandPurpose(new Set(), 'legal');
    assert.throws(() => demandPurpose(new Set(['billing']), 'marketing'), {
      name: 'AppError',
      code: 'feature_off',
      message: 'E-PURPOSE: the policy in force lists no purpose "marketing"',
      retryable: false,
    });
  });

  test('a statement whose purpose the policy lacks never reaches the database; others of its transaction stand', async () => {
    const db = new Database({ url: database.url, connections: 1, purposes: new Set(['billing']) });
    try {
      const rows = await db.batch(async (tx) => {
        await assert.rejects(tx.exec(ADVERTISE, []), { code: 'feature_off' });
        return tx.exec(CHARGE, []);
      });
      assert.deepEqual(rows, [{ one: 1 }]);
      const tenant = '018f0000-0000-7000-8000-000000000001';
      await assert.rejects(
        db.tenant(tenant, (tx) => tx.exec(ADVERTISE, [])),
        { code: 'feature_off' },
      );
    } finally {
      await db.end();
    }
    assert.deepEqual(await database.db.batch((tx) => tx.exec(ADVERTISE, [])), [{ one: 1 }]);
  });
});
