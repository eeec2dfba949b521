// When suppressions end: a limit after they were first recorded, whatever became of the index since.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { newId } from '#platform/ids';
import { useDatabase } from '../../../test/harness.ts';
import { openKeyring } from '../keys/cached-keyring.ts';
import type { Keyring } from '../keys/keyring.ts';
import { openMemoryKeyStore } from '../keys/memory-key-store.ts';
import { endOf } from '../retention/limit.ts';
import { expireDue, liftLegalHold, placeLegalHold, retentionReport } from '../retention/retention.ts';
import { expireAt } from '../retention/test/expire-at.ts';
import { limitsFrom } from '../retention/test/limits.ts';
import { suppressionExpiry } from './expiry.ts';
import { type NewSuppression, suppress, suppressedAmong } from './suppress.ts';

const LIMIT = 'P60M';

describe('the end of suppressions', async () => {
  const at = useDatabase();
  const store = openMemoryKeyStore();
  const keyring = await openKeyring(store);
  const options = () => ({
    db: at.db,
    keyring,
    limits: limitsFrom({ suppression: [LIMIT, 'created'] }),
    handlers: [suppressionExpiry],
    keyDayUsers: [],
    restFactor: 0,
  });
  const run = async () => {
    const done = await expireDue(options(), new AbortController().signal);
    if (done.failures.length > 0) throw done.failures[0];
  };
  const report = async () => (await retentionReport(options())).find(({ key }) => key === 'suppression')!;
  let numbers = 0;
  const aNumber = () => `+4915552${String(++numbers).padStart(6, '0')}`;
  const stop = (workspaceId: string | null, number: string, keys: Keyring = keyring) => {
    const wanted: NewSuppression = {
      workspaceId,
      kind: workspaceId === null ? 'operator_block' : 'stop',
      covers: 'all',
      source: workspaceId === null ? 'operator' : 'recipient',
    };
    return at.db.batch((tx) => suppress(tx, keys, number, wanted));
  };
  const isSuppressed = async (workspaceId: string, number: string, keys: Keyring = keyring) =>
    (await at.db.batch((tx) => suppressedAmong(tx, keys, [{ workspaceId, number, class: 'transactional' }])))
      .size === 1;
  const advanceTo = async (moment: Date, byMs: number) => {
    const [row] = await at.sql<{ now: Date }>('select platform.clock() as now');
    await at.advance(moment.getTime() + byMs - row!.now.getTime());
  };

  test('a stop and a block of the operator are there a second before their limit and gone a second after', async () => {
    const [shop, stopped, blocked] = [newId(), aNumber(), aNumber()];
    const [first, second] = [(await stop(shop, stopped)).createdAt, (await stop(null, blocked)).createdAt];
    await advanceTo(endOf(LIMIT, second), 1_000);
    const left = async () => [await isSuppressed(shop, stopped), await isSuppressed(shop, blocked)];
    await expireAt(at.db, [suppressionExpiry], LIMIT, new Date(endOf(LIMIT, first).getTime() - 1_000));
    assert.deepEqual(await left(), [true, true]);
    assert.equal((await report()).overdue, 2);
    await run();
    assert.deepEqual(await left(), [false, false]);
    assert.equal((await report()).overdue, 0);
  });

  test('a new epoch of the index neither prolongs nor shortens a stop, also one that is repeated under it', async () => {
    const [shop, number] = [newId(), aNumber()];
    const first = await stop(shop, number);
    await at.advance(300 * 86_400_000);
    const second = await openKeyring(store, { indexEpochs: [2, 1] });
    assert.deepEqual(await stop(shop, number, second), first, 'it moved, as old as it is');
    const third = await openKeyring(store, { indexEpochs: [3, 2, 1] });
    assert.deepEqual(await stop(shop, number, third), first);
    const end = endOf(LIMIT, first.createdAt);
    await advanceTo(end, 1_000);
    await expireAt(at.db, [suppressionExpiry], LIMIT, new Date(end.getTime() - 1_000));
    assert.equal(await isSuppressed(shop, number, third), true);
    await run();
    assert.equal(await isSuppressed(shop, number, third), false);
  });

  test('stops that stand under several older epochs are all honoured when they are renewed', async () => {
    const [shop, number] = [newId(), aNumber()];
    const newer = await openKeyring(store, { indexEpochs: [2, 1] });
    const newest = await openKeyring(store, { indexEpochs: [3, 2, 1] });
    await stop(shop, number, newer);
    // A process that does not know of the new epoch yet.
    const first = await stop(shop, number);
    const again = await stop(shop, number, newest);
    assert.notEqual(again.id, first.id, 'the one that stands longest moved');
    assert.equal(await isSuppressed(shop, number, newest), true);
  });

  test('a legal hold keeps the stops of its workspace, and lifted lets them go', async () => {
    const [shop, number] = [newId(), aNumber()];
    const { createdAt } = await stop(shop, number);
    const hold = await at.db.batch((tx) => placeLegalHold(tx, shop, 'open_dispute'));
    await advanceTo(endOf(LIMIT, createdAt), 1_000);
    await run();
    assert.equal(await isSuppressed(shop, number), true);
    assert.equal((await report()).held, 1);
    await at.db.batch((tx) => liftLegalHold(tx, hold.id));
    await run();
    assert.equal(await isSuppressed(shop, number), false);
  });
});
