import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { newId } from '#platform/ids';
import { useDatabase } from '../../../test/harness.ts';
import type { Statement } from './statement.ts';

describe('platform: tenant snapshot', () => {
  const database = useDatabase();
  const SNAPSHOT: Statement<{ snapshot: string }> = {
    name: 'test.read_snapshot',
    purpose: 'operations',
    text: 'select pg_current_snapshot()::text as snapshot',
  };

  test('all reads of one tenant transaction see the same moment, whatever others commit meanwhile', async () => {
    await database.db.tenant(newId(), async (tx) => {
      const [before] = await tx.exec(SNAPSHOT, []);
      await database.sql('select pg_current_xact_id()');
      const [after] = await tx.exec(SNAPSHOT, []);
      assert.deepEqual(after, before);
    });
    const [later] = await database.db.tenant(newId(), (tx) => tx.exec(SNAPSHOT, []));
    await database.sql('select pg_current_xact_id()');
    const [latest] = await database.db.tenant(newId(), (tx) => tx.exec(SNAPSHOT, []));
    assert.notDeepEqual(latest, later);
  });
});
