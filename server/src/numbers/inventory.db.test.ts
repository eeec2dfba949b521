import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { createWorkspace } from '#accounts';
import type { AppError } from '#platform/errors';
import { newId } from '#platform/ids';
import { type Keyring, openKeyring } from '#privacy';
import { openMemoryKeyStore } from '#privacy/memory-key-store';
import { useDatabase } from '../../test/harness.ts';
import {
  addNumber,
  assignNumber,
  COOLING_MS,
  DEMO_NUMBER,
  findNumber,
  listNumbers,
  QUARANTINE_MS,
  retireNumber,
  seedDevelopmentNumber,
  sendableNumbers,
  unassignNumber,
} from './numbers.ts';

describe('the inventory of numbers', () => {
  const database = useDatabase({ connections: 20 });
  const connectorId = newId();
  let keyring: Keyring;
  let made = 0;
  before(async () => {
    keyring = await openKeyring(openMemoryKeyStore());
    await database.sql(
      `insert into carriers.connector (id, name, host, port, system_id)
       values ($1, 'first-carrier', 'smpp.example.com', 2775, 'sotto')`,
      [connectorId],
    );
  });

  const workspace = () =>
    database.db.batch(
      async (tx) =>
        (await createWorkspace(tx, keyring, { kind: 'organisation', name: 'Shop', currency: 'EUR' })).id,
    );
  const add = async (capability: 'inbound' | 'two_way' = 'two_way') => {
    const e164 = `+4915556${String(++made).padStart(6, '0')}`;
    const added = await database.db.batch((tx) => addNumber(tx, { e164, connectorId, capability }));
    assert.ok(added.outcome === 'done' && added.number.status === 'available');
    return added.number;
  };
  const assign = (numberId: string, workspaceId: string) =>
    database.db.batch((tx) => assignNumber(tx, numberId, workspaceId));
  const unassign = (numberId: string) => database.db.batch((tx) => unassignNumber(tx, numberId));
  const retire = (numberId: string) => database.db.batch((tx) => retireNumber(tx, numberId));
  const find = async (numberId: string) => (await database.db.batch((tx) => findNumber(tx, numberId)))!;
  const reason = (change: { outcome: string; reason?: string }) => change.reason ?? change.outcome;

  test('a number is in use once, and may come back after it was retired', async () => {
    const { id, e164 } = await add();
    const again = () => database.db.batch((tx) => addNumber(tx, { e164, connectorId }));
    assert.equal(reason(await again()), 'already_there');
    assert.equal(reason(await retire(id)), 'done');
    const anew = await again();
    assert.ok(anew.outcome === 'done' && anew.number.id !== id);
  });

  test('of fifty workspaces that want one number at once, one gets it', async () => {
    const { id } = await add();
    const wanting = await Promise.all(Array.from({ length: 50 }, workspace));
    const answers = await Promise.all(wanting.map((each) => assign(id, each)));
    const winners = answers.filter((each) => each.outcome === 'done');
    assert.equal(winners.length, 1);
    assert.ok(answers.every((each) => each.outcome === 'done' || each.reason === 'not_available'));
    const rows = await database.sql('select id from numbers.assignment where number_id = $1', [id]);
    assert.equal(rows.length, 1);
  });

  test('the database refuses overlapping assignments even where the code is wrong', async () => {
    const { id } = await add();
    const [one, other] = [await workspace(), await workspace()];
    assert.equal(reason(await assign(id, one)), 'done');
    for (const range of [
      `tstzrange(platform.clock(), null)`,
      `tstzrange(platform.clock() - interval '1 day', platform.clock() + interval '1 second')`,
    ]) {
      await assert.rejects(
        database.sql(
          `insert into numbers.assignment (id, number_id, workspace_id, during, taken_back_at)
           select $1, $2, $3, r, case when upper_inf(r) then null else platform.clock() end from (select ${range}) t(r)`,
          [newId(), id, other],
        ),
        /one_tenant_at_a_time/,
      );
    }
  });

  test('a number taken back cools, rests, and only then is available', async () => {
    const { id } = await add();
    const [one, other] = [await workspace(), await workspace()];
    await assign(id, one);
    assert.deepEqual([(await find(id)).status, (await find(id)).workspaceId], ['leased', one]);
    const taken = await unassign(id);
    assert.ok(taken.outcome === 'done');
    assert.deepEqual([taken.number.status, taken.number.workspaceId], ['cooling', one]);
    assert.ok(taken.number.availableAt);
    assert.equal(reason(await assign(id, other)), 'not_available');
    assert.equal(reason(await assign(id, one)), 'not_available');
    assert.equal(reason(await unassign(id)), 'not_leased');
    assert.equal(reason(await retire(id)), 'in_use');

    await database.advance(COOLING_MS);
    const resting = await find(id);
    assert.deepEqual([resting.status, resting.workspaceId], ['quarantined', null]);
    assert.deepEqual(resting.availableAt, taken.number.availableAt);
    assert.equal(reason(await assign(id, other)), 'not_available');

    await database.advance(QUARANTINE_MS);
    assert.deepEqual([(await find(id)).status, (await find(id)).availableAt], ['available', null]);
    assert.equal(reason(await assign(id, other)), 'done');
  });

  test('a number given and taken back in one moment leaves a range that is not empty', async () => {
    const { id } = await add();
    const mine = await workspace();
    await assign(id, mine);
    await database.db.batch((tx) => unassignNumber(tx, id, { coolingMs: 0, quarantineMs: 0 }));
    assert.equal((await find(id)).status, 'available');
    assert.equal(reason(await assign(id, mine)), 'done');
  });

  test('a retired number stays retired, and nobody gets it', async () => {
    const { id } = await add();
    assert.equal(reason(await retire(id)), 'done');
    assert.equal(reason(await retire(id)), 'done');
    assert.equal((await find(id)).status, 'retired');
    assert.equal(reason(await assign(id, await workspace())), 'not_available');
  });

  test('what does not exist is said to be missing', async () => {
    const { id } = await add();
    assert.equal(reason(await assign(id, newId())), 'no_such_workspace');
    for (const change of [assign(newId(), await workspace()), unassign(newId()), retire(newId())])
      assert.equal(reason(await change), 'no_such_number');
    assert.equal(await database.db.batch((tx) => findNumber(tx, newId())), null);
  });

  test('a number of a connector that does not exist is refused with the field at fault', async () => {
    await assert.rejects(
      database.db.batch((tx) => addNumber(tx, { e164: '+4915555999999', connectorId: newId() })),
      (error: AppError) => error.code === 'invalid_request' && error.field === 'connector_id',
    );
  });

  test('a closed workspace gets no number', async () => {
    const { id } = await add();
    const closed = await workspace();
    await database.sql('update accounts.workspace set closed_at = platform.clock() where id = $1', [closed]);
    assert.equal(reason(await assign(id, closed)), 'no_such_workspace');
  });

  test('a connector that numbers depend on cannot be deleted', async () => {
    await add();
    await assert.rejects(
      database.sql('delete from carriers.connector where id = $1', [connectorId]),
      /violates foreign key/,
    );
  });

  test('numbers are listed newest first, page by page, by status', async () => {
    const mine = await workspace();
    const fresh = [await add(), await add(), await add()];
    await assign(fresh[1]!.id, mine);
    const page = await database.db.batch((tx) => listNumbers(tx, { before: null, limit: 3 }));
    assert.deepEqual(
      page.map(({ id, status }) => [id, status]),
      [
        [fresh[2]!.id, 'available'],
        [fresh[1]!.id, 'leased'],
        [fresh[0]!.id, 'available'],
      ],
    );
    const rest = await database.db.batch((tx) => listNumbers(tx, { before: fresh[0]!.id, limit: 200 }));
    assert.ok(rest.length > 0 && rest.every(({ id }) => id < fresh[0]!.id));
    const leased = await database.db.batch((tx) =>
      listNumbers(tx, { before: null, limit: 1, status: 'leased' }),
    );
    assert.deepEqual(
      leased.map(({ id }) => id),
      [fresh[1]!.id],
    );
  });

  test('a page holds one row more than a client may ask for, so that the next page is known of', async () => {
    await database.sql(
      `insert into numbers.number (id, e164, connector_id)
       select gen_random_uuid(), '+4915557' || to_char(n, 'FM000000'), $1 from generate_series(1, 210) n`,
      [connectorId],
    );
    const page = await database.db.batch((tx) => listNumbers(tx, { before: null, limit: 1_000 }));
    assert.equal(page.length, 201);
  });

  test('a workspace may send from the two-way numbers it has, not from cooling ones or others', async () => {
    const [mine, other] = [await workspace(), await workspace()];
    const [kept, inboundOnly, returned, theirs] = [
      await add(),
      await add('inbound'),
      await add(),
      await add(),
    ];
    for (const { id } of [kept, inboundOnly, returned]) await assign(id, mine);
    await assign(theirs.id, other);
    await unassign(returned.id);
    const found = await database.db.batch((tx) => sendableNumbers(tx, [mine, other, newId()]));
    assert.deepEqual(
      found,
      new Map([
        [mine, new Set([kept.e164])],
        [other, new Set([theirs.e164])],
      ]),
    );
  });

  test('the demo number is added and assigned once, from however many processes it starts', async () => {
    const mine = await workspace();
    const all = await Promise.all(
      Array.from({ length: 5 }, () => seedDevelopmentNumber(database.db, { connectorId, workspaceId: mine })),
    );
    assert.deepEqual(new Set(all), new Set([DEMO_NUMBER]));
    const rows = await database.sql(
      `select a.workspace_id from numbers.number n join numbers.assignment a on a.number_id = n.id where n.e164 = $1`,
      [DEMO_NUMBER],
    );
    assert.deepEqual(rows, [{ workspace_id: mine }]);
  });

  test('a workspace sees the numbers it has or had, and no others, and cannot change them', async () => {
    const [mine, other] = [await workspace(), await workspace()];
    const [current, former, theirs] = [await add(), await add(), await add()];
    await assign(current.id, mine);
    await assign(former.id, mine);
    await unassign(former.id);
    await assign(theirs.id, other);
    const client = await database.db.connection('sotto_tenant');
    try {
      await client.query('begin');
      await client.query(`select set_config('platform.tenant', $1, true)`, [mine]);
      const { rows } = await client.query<{ id: string }>('select id from numbers.number order by id');
      assert.deepEqual(
        rows.map((row) => row.id),
        [current.id, former.id],
      );
      const assignments = await client.query('select id from numbers.assignment where workspace_id = $1', [
        other,
      ]);
      assert.deepEqual(assignments.rows, []);
      await assert.rejects(
        client.query(`update numbers.assignment set taken_back_at = null`),
        /permission denied/,
      );
      await client.query('rollback');
    } finally {
      client.release(true);
    }
  });
});
