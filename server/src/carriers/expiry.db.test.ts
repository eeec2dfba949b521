// When the password of a connector ends.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { expireDue } from '#privacy/retention';
import { useDatabase } from '../../test/harness.ts';
import { endOf } from '../privacy/retention/limit.ts';
import { limitsFrom } from '../privacy/retention/test/limits.ts';
import { carriersExpiry } from './expiry.ts';
import { createConnector, disableConnector } from './settings/configure.ts';
import { memoryKeyring } from './test/memory-keyring.ts';

describe('carriers: expiry', () => {
  const database = useDatabase();
  const limits = limitsFrom({ connector: ['P24M', 'last_activity'] });

  test('a connector that is off loses its password at its limit, one that is on keeps it', async () => {
    const keyring = await memoryKeyring();
    const dependencies = { db: database.db, keyring };
    const make = (name: string) =>
      createConnector(dependencies, {
        name,
        host: 'smpp.example.com',
        port: 2775,
        systemId: 'sotto',
        password: 'secret08',
      });
    const [off, on] = [await make('off'), await make('on')];
    await disableConnector(dependencies, off.id);
    const run = () =>
      expireDue(
        { db: database.db, keyring, limits, handlers: carriersExpiry, keyDayUsers: [], restFactor: 0 },
        new AbortController().signal,
      );
    const kept = async (id: string) =>
      (
        await database.sql<{ kept: boolean }>(
          'select password is not null as kept from carriers.connector where id = $1',
          [id],
        )
      )[0]!.kept;
    const [row] = await database.sql<{ changed_at: Date; now: Date }>(
      'select changed_at, platform.clock() as now from carriers.connector where id = $1',
      [off.id],
    );
    const untilEnd = endOf('P24M', row!.changed_at).getTime() - row!.now.getTime();
    await database.advance(untilEnd - 2_000);
    await run();
    assert.deepEqual([await kept(off.id), await kept(on.id)], [true, true]);
    await database.advance(3_000);
    await run();
    assert.deepEqual([await kept(off.id), await kept(on.id)], [false, true]);
  });
});
