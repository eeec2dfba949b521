import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { COOLING_MS, listInbound, QUARANTINE_MS, unassignNumber } from './numbers.ts';
import { useInbound } from './test/inbound-fixture.ts';

describe('the inbound sink', () => {
  const inbound = useInbound();

  test('a text is stored for the workspace that has the number, with its event', async () => {
    const { workspaceId, e164, part, list } = await inbound.tenant();
    assert.deepEqual(await inbound.sink.receive([part('Ihr Code: 493817 🙂')]), ['stored']);
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
        retention: 'stored',
      },
    );
    const events = await inbound.database.sql<{ payload: object }>(
      `select payload from platform.outbox where name = 'inbound.received' and payload->>'workspace_id' = $1`,
      [workspaceId],
    );
    assert.deepEqual(events, [{ payload: { inbound_id: text!.id, workspace_id: workspaceId } }]);
  });

  test('binary content is kept as octets', async () => {
    const { part, list } = await inbound.tenant();
    const octets = Buffer.from([0, 255, 27, 128, 10]);
    await inbound.sink.receive([part('', { text: null, octets })]);
    const [message] = await list();
    assert.deepEqual([message?.text, message?.octets], [null, octets]);
  });

  test('a text for a number nobody has, or by another connector, is counted and nothing of it is kept', async () => {
    const { part } = await inbound.tenant();
    const free = await inbound.number();
    const tables = ['numbers.inbound', 'numbers.inbound_set', 'numbers.inbound_part', 'platform.outbox'];
    const rows = async () => {
      const counts: number[] = [];
      for (const table of tables) counts.push(await inbound.count(table));
      return counts;
    };
    const before = await rows();
    const concat = { reference: 1, bits: 8, total: 2, sequence: 1 } as const;
    assert.deepEqual(
      await inbound.sink.receive([
        part('secret', { to: free.e164 }),
        part('secret', { to: '+4915999999999' }),
        part('secret', { to: '12345' }),
        part('secret', { connectorId: inbound.otherConnectorId }),
        part('secret', { connectorId: inbound.otherConnectorId, concat }),
        part('', { text: null }),
      ]),
      ['unassigned', 'unassigned', 'unreadable', 'unassigned', 'unassigned', 'unreadable'],
    );
    assert.deepEqual(await rows(), before);
  });

  test('each text goes to who has the number at that moment, also late ones, and stays with them', async () => {
    const first = await inbound.tenant();
    const second = await inbound.workspace();
    const theirs = async (id: string) =>
      (
        await listInbound(inbound.database.db, inbound.keyring, id, {
          before: null,
          limit: 10,
        })
      ).map((each) => each.text);
    await inbound.sink.receive([first.part('for the first')]);
    await inbound.database.db.batch((tx) => unassignNumber(tx, first.numberId));
    assert.deepEqual(await inbound.sink.receive([first.part('late')]), ['stored']);
    await inbound.advance(COOLING_MS);
    assert.deepEqual(await inbound.sink.receive([first.part('too late')]), ['unassigned']);
    await inbound.advance(QUARANTINE_MS);
    await inbound.assign(first.numberId, second);
    assert.deepEqual(await inbound.sink.receive([first.part('for the second')]), ['stored']);
    assert.deepEqual(await theirs(first.workspaceId), ['late', 'for the first']);
    assert.deepEqual(await theirs(second), ['for the second']);
  });

  test('when storing fails the carrier is not told OK, and nothing is stored', async () => {
    const { part, long, texts } = await inbound.tenant();
    await inbound.database.sql('alter table platform.outbox rename to outbox_away');
    try {
      await assert.rejects(inbound.sink.receive([part('one'), ...long(['a', 'b'], 5)]));
      await assert.rejects(inbound.sink.receive(long(['a', 'b'], 6)));
    } finally {
      await inbound.database.sql('alter table platform.outbox_away rename to outbox');
    }
    assert.deepEqual(await texts(), []);
    assert.deepEqual(await inbound.sink.receive([part('one')]), ['stored']);
  });

  test('people may write the same word twice; a possible repeat is compared and stored once', async () => {
    const { part, texts } = await inbound.tenant();
    assert.deepEqual(await inbound.sink.receive([part('YES'), part('YES')]), ['stored', 'stored']);
    const again = part('YES', { possibleRepeat: true });
    assert.deepEqual(await inbound.sink.receive([again]), ['duplicate']);
    assert.deepEqual(
      await inbound.sink.receive([
        part('NO', { possibleRepeat: true }),
        part('NO', { possibleRepeat: true }),
        { ...again, from: '+4915123450009' },
      ]),
      ['stored', 'duplicate', 'stored'],
    );
    await inbound.advance(16 * 60_000);
    assert.deepEqual(await inbound.sink.receive([again]), ['stored']);
    assert.equal((await texts()).length, 5);
  });

  test('texts are listed newest first, page by page, and between two times', async () => {
    const { part, list } = await inbound.tenant();
    for (let sent = 0; sent < 5; sent++) await inbound.sink.receive([part(`text ${sent}`)]);
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
