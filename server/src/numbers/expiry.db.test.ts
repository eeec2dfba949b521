// When texts that arrived end, and what says who had a number; to the second.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { idTimeMs } from '#platform/ids';
import { utcDay } from '#privacy';
import { expireDue, liftLegalHold, placeLegalHold, retentionReport } from '#privacy/retention';
import { endOf } from '../privacy/retention/limit.ts';
import { limitsFrom } from '../privacy/retention/test/limits.ts';
import { inboundKeyDays, numbersExpiry } from './expiry.ts';
import { unassignNumber } from './numbers.ts';
import { sweepInbound } from './sweep.ts';
import { useInbound } from './test/inbound-fixture.ts';

const KEPT = 'P3D';
const DAY_MS = 86_400_000;
const limits = limitsFrom({ inbound_content: [KEPT, 'created'], lease: ['P6M', 'lease_released'] });

describe('the end of what numbers keep', () => {
  const inbound = useInbound();
  const options = () => ({
    db: inbound.database.db,
    keyring: inbound.keyring,
    limits,
    handlers: numbersExpiry,
    keyDayUsers: [inboundKeyDays],
    restFactor: 0,
  });
  const run = async () => {
    const done = await expireDue(options(), new AbortController().signal);
    if (done.failures.length > 0) throw done.failures[0];
    return done;
  };
  const advanceTo = (moment: Date, byMs: number) =>
    inbound.database.standAt(new Date(moment.getTime() + byMs));

  test('a second before its limit a text is listed; a second after it is not, then it is gone', async () => {
    const { workspaceId, part, list } = await inbound.tenant();
    await inbound.sink.receive([part('quince')]);
    const [text] = await list({ keptFor: KEPT });
    const end = endOf(KEPT, text!.receivedAt);
    const stored = () => inbound.count('numbers.inbound', 'workspace_id = $1', [workspaceId]);
    await advanceTo(end, -1_000);
    await run();
    assert.deepEqual(
      (await list({ keptFor: KEPT })).map((one) => one.text),
      ['quince'],
    );
    await advanceTo(end, 1_000);
    assert.deepEqual(await list({ keptFor: KEPT }), []);
    assert.equal(await stored(), 1, 'the job has not run yet');
    await run();
    assert.equal(await stored(), 0);
  });

  test('parts that wait for others end with their set', async () => {
    const { workspaceId, long } = await inbound.tenant();
    await inbound.sink.receive(long(['a', 'b'], 3).slice(0, 1));
    const where = 'set_id in (select id from numbers.inbound_set where workspace_id = $1)';
    assert.equal(await inbound.count('numbers.inbound_part', where, [workspaceId]), 1);
    const [set] = await inbound.database.sql<{ opened_at: Date }>(
      'select opened_at from numbers.inbound_set where workspace_id = $1',
      [workspaceId],
    );
    await advanceTo(endOf(KEPT, set!.opened_at), -1_000);
    await run();
    assert.equal(await inbound.count('numbers.inbound_part', where, [workspaceId]), 1);
    await advanceTo(endOf(KEPT, set!.opened_at), 1_000);
    await run();
    assert.equal(await inbound.count('numbers.inbound_set', 'workspace_id = $1', [workspaceId]), 0);
    assert.equal(await inbound.count('numbers.inbound_part', where, [workspaceId]), 0);
  });

  test('the key of the day dies when its last text is gone, also of days that only held waiting parts', async () => {
    const { workspaceId, part, long } = await inbound.tenant();
    await inbound.sink.receive([part('gone soon'), ...long(['a', 'b'], 4)]);
    const [row] = await inbound.database.sql<{ id: string; content: Buffer }>(
      'select id, content from numbers.inbound where workspace_id = $1',
      [workspaceId],
    );
    const { id, content } = row!;
    const day = utcDay(idTimeMs(id));
    const keyId = inbound.keyring.keyId({ class: 'content_inbound', workspaceId, day });
    const state = async () => {
      inbound.keyring.evict([keyId]);
      await inbound.keyring.load([keyId]);
      const place = { column: 'numbers.inbound.content', rowId: id, ownerId: workspaceId, keyId } as const;
      return inbound.keyring.open(place, content).state;
    };
    await inbound.advance(DAY_MS);
    await sweepInbound(inbound.database.db, inbound.keyring);
    await run();
    assert.equal(await state(), 'open', 'texts of the day are kept');
    await inbound.advance(3 * DAY_MS + 3_700_000);
    assert.ok((await run()).keysDestroyed >= 1);
    assert.equal(await state(), 'shredded');
  });

  test('a day’s partition goes when it is empty', async () => {
    const { workspaceId, part } = await inbound.tenant();
    await inbound.sink.receive([part('old')]);
    const [row] = await inbound.database.sql<{ name: string }>(
      'select tableoid::regclass::text as name from numbers.inbound where workspace_id = $1',
      [workspaceId],
    );
    await inbound.advance(5 * DAY_MS);
    assert.ok((await run()).partitions >= 1);
    assert.equal(await inbound.count('pg_class', `oid = to_regclass($1)`, [row!.name]), 0);
  });

  test('who had a number is known until its limit after the release, and a number in use stays assigned', async () => {
    const first = await inbound.tenant();
    const still = await inbound.tenant();
    await inbound.database.db.batch((tx) =>
      unassignNumber(tx, first.numberId, { coolingMs: 0, quarantineMs: 0 }),
    );
    const [row] = await inbound.database.sql<{ taken_back_at: Date }>(
      'select taken_back_at from numbers.assignment where workspace_id = $1',
      [first.workspaceId],
    );
    const left = (id: string) => inbound.count('numbers.assignment', 'workspace_id = $1', [id]);
    await advanceTo(endOf('P6M', row!.taken_back_at), -1_000);
    await run();
    assert.equal(await left(first.workspaceId), 1);
    await advanceTo(endOf('P6M', row!.taken_back_at), 1_000);
    await run();
    assert.deepEqual([await left(first.workspaceId), await left(still.workspaceId)], [0, 1]);
  });

  test('a legal hold keeps texts, waiting parts and leases of its workspace, and is counted', async () => {
    const { workspaceId, numberId, part, long } = await inbound.tenant();
    const other = await inbound.tenant();
    await inbound.sink.receive([part('kept'), ...long(['a', 'b'], 5).slice(0, 1), other.part('gone')]);
    await inbound.database.db.batch((tx) => unassignNumber(tx, numberId, { coolingMs: 0, quarantineMs: 0 }));
    const hold = await inbound.database.db.batch((tx) => placeLegalHold(tx, workspaceId, 'court_order'));
    await inbound.advance(200 * DAY_MS);
    await run();
    const left = async (id: string) => [
      await inbound.count('numbers.inbound', 'workspace_id = $1', [id]),
      await inbound.count('numbers.inbound_set', 'workspace_id = $1', [id]),
      await inbound.count('numbers.assignment', 'workspace_id = $1', [id]),
    ];
    assert.deepEqual(await left(workspaceId), [1, 1, 1]);
    assert.deepEqual(await left(other.workspaceId), [0, 0, 1]);
    const reports = await retentionReport(options());
    assert.equal(reports.find(({ key }) => key === 'inbound_content')!.held, 2);
    assert.equal(reports.find(({ key }) => key === 'lease')!.held, 1);
    await inbound.database.db.batch((tx) => liftLegalHold(tx, hold.id));
    await run();
    assert.deepEqual(await left(workspaceId), [0, 0, 0]);
  });
});
