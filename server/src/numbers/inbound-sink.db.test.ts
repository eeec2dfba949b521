import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import fc from 'fast-check';
import { createWorkspace } from '#accounts';
import { alignTo } from '#platform/clock';
import { idTimeMs, newId } from '#platform/ids';
import { JobRunner } from '#platform/jobs';
import { type Keyring, openKeyring, utcDay } from '#privacy';
import { openMemoryKeyStore } from '#privacy/memory-key-store';
import { type TestDatabase, useDatabase } from '../../test/harness.ts';
import { numbersJobs } from './jobs.ts';
import {
  addNumber,
  assignNumber,
  COOLING_MS,
  createInboundSink,
  type InboundPart,
  type InboundSink,
  listInbound,
  QUARANTINE_MS,
  sweepInbound,
  unassignNumber,
} from './numbers.ts';

const DAY_MS = 86_400_000;

/** Moves the database's clock, and the time in new ids with it, as a running process does. */
async function advanceBoth(database: TestDatabase, ms: number): Promise<void> {
  await database.advance(ms);
  const [row] = await database.sql<{ now: Date }>('select platform.clock() as now');
  alignTo(row!.now);
}

describe('the inbound sink', () => {
  const database = useDatabase({ connections: 12 });
  const advance = (ms: number) => advanceBoth(database, ms);
  const connectorId = newId();
  const otherConnectorId = newId();
  let keyring: Keyring;
  let sink: InboundSink;
  let made = 0;
  before(async () => {
    keyring = await openKeyring(openMemoryKeyStore());
    sink = createInboundSink(database.db, keyring);
    await database.sql(
      `insert into carriers.connector (id, name, host, port, system_id)
       values ($1, 'first', 'smpp.example.com', 2775, 'sotto'), ($2, 'second', 'smpp.example.net', 2775, 'sotto')`,
      [connectorId, otherConnectorId],
    );
  });

  const workspace = () =>
    database.db.batch(
      async (tx) =>
        (await createWorkspace(tx, keyring, { kind: 'organisation', name: 'Shop', currency: 'EUR' })).id,
    );
  const assign = async (numberId: string, workspaceId: string) => {
    const done = await database.db.batch((tx) => assignNumber(tx, numberId, workspaceId));
    assert.equal(done.outcome, 'done');
  };
  const number = async () => {
    const e164 = `+4915555${String(++made).padStart(6, '0')}`;
    const added = await database.db.batch((tx) => addNumber(tx, { e164, connectorId }));
    assert.ok(added.outcome === 'done');
    return added.number;
  };
  /** A workspace with a number, and what makes parts for it. */
  async function tenant() {
    const workspaceId = await workspace();
    const { id: numberId, e164 } = await number();
    await assign(numberId, workspaceId);
    const part = (text: string, changes: Partial<InboundPart> = {}): InboundPart => ({
      connectorId,
      from: '+4915123450001',
      to: e164,
      text,
      octets: null,
      concat: null,
      ...changes,
    });
    const long = (texts: readonly string[], reference: number, changes: Partial<InboundPart> = {}) =>
      texts.map((text, at) =>
        part(text, {
          concat: { reference, bits: 8, total: texts.length, sequence: at + 1 },
          ...changes,
        }),
      );
    const list = (page: Partial<Parameters<typeof listInbound>[3]> = {}) =>
      listInbound(database.db, keyring, workspaceId, { before: null, limit: 200, ...page });
    const texts = async () => (await list()).map((each) => each.text);
    return { workspaceId, numberId, e164, part, long, list, texts };
  }
  const count = async (table: string, where = 'true', values: unknown[] = []) =>
    (await database.sql<{ n: number }>(`select count(*)::int as n from ${table} where ${where}`, values))[0]!
      .n;

  test('a text is stored for the workspace that has the number, with its event', async () => {
    const { workspaceId, e164, part, list } = await tenant();
    assert.deepEqual(await sink.receive([part('Ihr Code: 493817 🙂')]), ['stored']);
    const [text] = await list();
    assert.deepEqual(
      { ...text, id: '', receivedAt: null },
      {
        id: '',
        from: '+4915123450001',
        to: e164,
        text: 'Ihr Code: 493817 🙂',
        octets: null,
        segments: 1,
        complete: true,
        receivedAt: null,
      },
    );
    const events = await database.sql<{ payload: object }>(
      `select payload from platform.outbox where name = 'inbound.received' and payload->>'workspace_id' = $1`,
      [workspaceId],
    );
    assert.deepEqual(events, [{ payload: { inbound_id: text!.id, workspace_id: workspaceId } }]);
  });

  test('binary content is kept as octets', async () => {
    const { part, list } = await tenant();
    const octets = Buffer.from([0, 255, 27, 128, 10]);
    await sink.receive([part('', { text: null, octets })]);
    const [message] = await list();
    assert.deepEqual([message?.text, message?.octets], [null, octets]);
  });

  test('a text for a number nobody has, or by another connector, is counted and nothing of it is kept', async () => {
    const { part } = await tenant();
    const free = await number();
    const tables = ['numbers.inbound', 'numbers.inbound_set', 'numbers.inbound_part', 'platform.outbox'];
    const rows = async () => {
      const counts: number[] = [];
      for (const table of tables) counts.push(await count(table));
      return counts;
    };
    const before = await rows();
    const concat = { reference: 1, bits: 8, total: 2, sequence: 1 } as const;
    assert.deepEqual(
      await sink.receive([
        part('secret', { to: free.e164 }),
        part('secret', { to: '+4915999999999' }),
        part('secret', { to: '12345' }),
        part('secret', { connectorId: otherConnectorId }),
        part('secret', { connectorId: otherConnectorId, concat }),
        part('', { text: null }),
      ]),
      ['unassigned', 'unassigned', 'unreadable', 'unassigned', 'unassigned', 'unreadable'],
    );
    assert.deepEqual(await rows(), before);
  });

  test('each text goes to who has the number at that moment, also late ones, and stays with them', async () => {
    const first = await tenant();
    const second = await workspace();
    const theirs = async (id: string) =>
      (await listInbound(database.db, keyring, id, { before: null, limit: 10 })).map((each) => each.text);
    await sink.receive([first.part('for the first')]);
    await database.db.batch((tx) => unassignNumber(tx, first.numberId));
    assert.deepEqual(await sink.receive([first.part('late')]), ['stored']);
    await advance(COOLING_MS);
    assert.deepEqual(await sink.receive([first.part('too late')]), ['unassigned']);
    await advance(QUARANTINE_MS);
    await assign(first.numberId, second);
    assert.deepEqual(await sink.receive([first.part('for the second')]), ['stored']);
    assert.deepEqual(await theirs(first.workspaceId), ['late', 'for the first']);
    assert.deepEqual(await theirs(second), ['for the second']);
  });

  test('when storing fails the carrier is not told OK, and nothing is stored', async () => {
    const { part, long, texts } = await tenant();
    await database.sql('alter table platform.outbox rename to outbox_away');
    try {
      await assert.rejects(sink.receive([part('one'), ...long(['a', 'b'], 5)]));
      await assert.rejects(sink.receive(long(['a', 'b'], 6)));
    } finally {
      await database.sql('alter table platform.outbox_away rename to outbox');
    }
    assert.deepEqual(await texts(), []);
    assert.deepEqual(await sink.receive([part('one')]), ['stored']);
  });

  test('parts in any order, repeated, by several processes at once, make each text exactly once', async () => {
    const sinks = [sink, createInboundSink(database.db, keyring), createInboundSink(database.db, keyring)];
    const plan = fc
      .array(
        fc.array(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 8 }), { minLength: 2, maxLength: 6 }),
        {
          minLength: 1,
          maxLength: 4,
        },
      )
      .chain((texts) => {
        const all = texts.flatMap((contents, text) => contents.map((_, at) => ({ text, at })));
        return fc.record({
          texts: fc.constant(texts),
          order: fc.shuffledSubarray([...all, ...all], { minLength: 2 * all.length }),
          batches: fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 8 }),
        });
      });
    await fc.assert(
      fc.asyncProperty(plan, async ({ texts, order, batches }) => {
        const { long, list } = await tenant();
        const parts = texts.map((contents, reference) => long(contents, reference));
        const queue = order.map(({ text, at }) => parts[text]![at]!);
        const calls: Promise<unknown>[] = [];
        for (let turn = 0; queue.length > 0; turn++)
          calls.push(sinks[turn % 3]!.receive(queue.splice(0, batches[turn % batches.length]!)));
        await Promise.all(calls);
        const stored = await list();
        assert.deepEqual(
          stored.map(({ text, segments, complete }) => [text, segments, complete]).sort(),
          texts.map((contents) => [contents.join(''), contents.length, true]).sort(),
        );
      }),
      { numRuns: 12 * Number(process.env.SOTTO_SWEEP ?? 1) },
    );
  });

  test('the last part says that the text is stored, the others wait, a repeat is a duplicate', async () => {
    const { long } = await tenant();
    const [one, two, three] = long(['a', 'b', 'c'], 9) as [InboundPart, InboundPart, InboundPart];
    assert.deepEqual(await sink.receive([three]), ['waiting']);
    assert.deepEqual(await sink.receive([one, three, two]), ['waiting', 'duplicate', 'stored']);
    assert.deepEqual(await sink.receive([two]), ['duplicate']);
  });

  test('a repeat of a closed text is known for a quarter of an hour', async () => {
    const { long, texts } = await tenant();
    const parts = long(['one ', 'two'], 3);
    await sink.receive(parts);
    await advance(14 * 60_000);
    await sweepInbound(database.db, keyring);
    assert.deepEqual(await sink.receive(parts), ['duplicate', 'duplicate']);
    await advance(2 * 60_000);
    await sweepInbound(database.db, keyring);
    assert.deepEqual(await sink.receive(parts), ['waiting', 'stored']);
    assert.deepEqual(await texts(), ['one two', 'one two']);
  });

  test('an 8-bit reference that wraps keeps every text apart', async () => {
    const { long, texts } = await tenant();
    const sent = Array.from({ length: 300 }, (_, at) => [`${at}:first `, `${at}:second`]);
    for (let at = 0; at < sent.length; at += 100) {
      const parts = sent.slice(at, at + 100).flatMap((contents, more) => long(contents, (at + more) % 256));
      await sink.receive(parts);
    }
    const found = new Set([...(await texts()), ...(await texts())]);
    assert.equal(found.size, 200, 'a page has 200');
    assert.equal(await count('numbers.inbound_set', 'closed_at is null'), 0);
    assert.ok((await texts()).every((text) => /^(\d+):first \1:second$/.test(text!)));
  });

  test('parts that differ in sender, number, width, total or coding do not mix', async () => {
    const one = await tenant();
    const two = await tenant();
    const concat = { reference: 7, bits: 8, total: 2, sequence: 1 } as const;
    const second = { concat: { ...concat, sequence: 2 } };
    const outcomes = await sink.receive([
      one.part('a', { concat }),
      one.part('b', { ...second, from: '+4915123450002' }),
      two.part('c', second),
      one.part('d', { concat: { ...concat, bits: 16, sequence: 2 } }),
      one.part('e', { concat: { ...concat, total: 3, sequence: 2 } }),
      one.part('', { ...second, text: null, octets: Buffer.from('f') }),
    ]);
    assert.deepEqual(new Set(outcomes), new Set(['waiting']));
    assert.deepEqual(await sink.receive([one.part('z', second)]), ['stored']);
    assert.deepEqual(await one.texts(), ['az']);
  });

  test('after a day the text is given out as far as it came, and later parts do not join it', async () => {
    const { long, list } = await tenant();
    const [one, two, three] = long(['one', 'two', 'three'], 4) as [InboundPart, InboundPart, InboundPart];
    await sink.receive([one, three]);
    await advance(DAY_MS - 60_000);
    assert.equal((await sweepInbound(database.db, keyring)).closed, 0);
    await advance(60_000);
    await sweepInbound(database.db, keyring);
    const [text] = await list();
    assert.deepEqual([text?.text, text?.segments, text?.complete], ['one…three', 2, false]);
    assert.deepEqual(await sink.receive([one, two]), ['duplicate', 'waiting']);
    assert.equal((await list()).length, 1);
  });

  test('the recurring job gives out what is overdue and forgets what is closed', async () => {
    const { workspaceId, long, texts } = await tenant();
    await sink.receive(long(['one', 'two', 'three'], 4).slice(0, 2));
    const runner = new JobRunner({ db: database.db, jobs: numbersJobs(keyring) });
    await runner.ensureRecurring();
    await advance(DAY_MS + 60_000);
    assert.ok((await runner.runDue(3)).length > 0);
    assert.deepEqual(await texts(), ['onetwo…']);
    await advance(16 * 60_000);
    await runner.runDue(3);
    assert.equal(await count('numbers.inbound_set', 'workspace_id = $1', [workspaceId]), 0);
    assert.equal(
      await count(
        'numbers.inbound_part p',
        'not exists (select from numbers.inbound_set s where s.id = p.set_id)',
      ),
      0,
    );
  });

  test('one sender holds at most 16 texts open; the oldest is given out, not lost', async () => {
    const { workspaceId, long, list } = await tenant();
    for (let reference = 0; reference < 18; reference++)
      await sink.receive(long([`${reference} begins`, 'never comes'], reference).slice(0, 1));
    assert.equal(
      await count('numbers.inbound_set', 'workspace_id = $1 and closed_at is null', [workspaceId]),
      16,
    );
    const given = await list();
    assert.deepEqual(
      given.map(({ text, complete }) => [text, complete]),
      [
        ['1 begins…', false],
        ['0 begins…', false],
      ],
    );
  });

  test('people may write the same word twice; a possible repeat is compared and stored once', async () => {
    const { part, texts } = await tenant();
    assert.deepEqual(await sink.receive([part('YES'), part('YES')]), ['stored', 'stored']);
    const again = part('YES', { possibleRepeat: true });
    assert.deepEqual(await sink.receive([again]), ['duplicate']);
    assert.deepEqual(
      await sink.receive([
        part('NO', { possibleRepeat: true }),
        part('NO', { possibleRepeat: true }),
        { ...again, from: '+4915123450009' },
      ]),
      ['stored', 'duplicate', 'stored'],
    );
    await advance(16 * 60_000);
    assert.deepEqual(await sink.receive([again]), ['stored']);
    assert.equal((await texts()).length, 5);
  });

  test('neither texts nor senders stand in any table in a readable form, waiting parts included', async () => {
    const { part, long } = await tenant();
    await sink.receive([
      part('quince marmalade', { from: '+4915123477777' }),
      ...long(['quince jelly', 'quince cheese'], 8, { from: '+4915123477777' }).slice(0, 1),
    ]);
    const secrets = ['quince', '4915123477777'];
    const tables = await database.sql<{ name: string }>(
      `select format('%I.%I', schemaname, tablename) as name from pg_tables
        where schemaname not in ('pg_catalog', 'information_schema')`,
    );
    for (const { name } of tables) {
      for (const secret of secrets) {
        const forms = [
          secret,
          ...(['utf8', 'utf16le'] as const).map((e) => Buffer.from(secret, e).toString('hex')),
        ];
        for (const form of forms)
          assert.equal(await count(`${name} t`, 'position($1 in t::text) > 0', [form]), 0, name);
      }
    }
  });

  test('another workspace sees none of it', async () => {
    const [mine, other] = [await tenant(), await tenant()];
    await sink.receive([mine.part('mine')]);
    assert.deepEqual(await other.texts(), []);
    const client = await database.db.connection('sotto_tenant');
    try {
      await client.query('begin');
      await client.query(`select set_config('platform.tenant', $1, true)`, [other.workspaceId]);
      assert.deepEqual((await client.query('select id from numbers.inbound')).rows, []);
      await assert.rejects(client.query('select set_id from numbers.inbound_part'), /permission denied/);
      await client.query('rollback');
    } finally {
      client.release(true);
    }
  });

  test('when the key of a day is destroyed its texts are there without sender and content', async () => {
    const { workspaceId, part, long, list } = await tenant();
    await sink.receive([part('gone soon'), ...long(['a', 'b'], 2).slice(0, 1)]);
    const [{ id } = { id: '' }] = await list();
    const day = utcDay(idTimeMs(id));
    await keyring.destroy([keyring.keyId({ class: 'content_inbound', workspaceId, day })]);
    const [message] = await list();
    assert.deepEqual([message?.from, message?.text, message?.complete], [null, null, true]);
    // A part that comes after the erasure finds a set it cannot read: nothing of it becomes a text.
    await sink.receive(long(['a', 'b'], 2).slice(1));
    assert.equal((await list()).length, 1);
  });

  test('texts are listed newest first, page by page, and between two times', async () => {
    const { part, list } = await tenant();
    for (let sent = 0; sent < 5; sent++) await sink.receive([part(`text ${sent}`)]);
    const all = await list();
    assert.deepEqual(
      all.map((each) => each.text),
      ['text 4', 'text 3', 'text 2', 'text 1', 'text 0'],
    );
    const page = await list({ limit: 2, before: all[1]!.id });
    assert.deepEqual(
      page.map((each) => each.text),
      ['text 2', 'text 1'],
    );
  });
});
