// Texts kept until they were read: what a reading begins, what ends them, and what is left.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { StoredContentMode } from './content-mode.ts';
import { READ_GRACE_MS } from './content-mode.ts';
import { eraseRead } from './erase-read.ts';
import { listInbound } from './inbound-list.ts';
import { createInboundSink } from './inbound-sink.ts';
import { sweepInbound } from './sweep.ts';
import { useInbound } from './test/inbound-fixture.ts';

const HOUR_MS = 3_600_000;
const MODE: StoredContentMode = { kind: 'until_read', ceilingMs: 6 * HOUR_MS };

describe('texts kept until they were read', () => {
  const inbound = useInbound();
  const sink = () => createInboundSink(inbound.database.db, inbound.keyring, MODE);
  const read = async (workspaceId: string, page: object = {}) =>
    listInbound(
      inbound.database.db,
      inbound.keyring,
      workspaceId,
      { before: null, limit: 50, ...page },
      MODE,
    );
  const texts = async (workspaceId: string, page: object = {}) =>
    (await read(workspaceId, page)).map(({ text }) => text);
  /** Rows that still have anything sealed or indexed. */
  const kept = (workspaceId: string) =>
    inbound.count(
      'numbers.inbound',
      'workspace_id = $1 and num_nonnulls(sender, sender_index, content) > 0',
      [workspaceId],
    );

  test('a client that lost the answer reads again within the grace; then sender and text are gone', async () => {
    const { workspaceId, part } = await inbound.tenant();
    await sink().receive([part('medlar')]);
    assert.deepEqual(await texts(workspaceId), ['medlar']);
    await inbound.advance(READ_GRACE_MS - 5_000);
    assert.deepEqual(await texts(workspaceId), ['medlar']);
    const [listed] = await read(workspaceId);
    assert.deepEqual(await texts(workspaceId, { only: listed!.id }), ['medlar']);
    await inbound.advance(5_000);
    // Also before the job comes round.
    const [message] = await read(workspaceId);
    assert.deepEqual([message?.text, message?.from, message?.complete], [null, null, true]);
    assert.equal(await kept(workspaceId), 1);
    assert.ok((await eraseRead(inbound.database.db)) >= 1);
    assert.equal(await kept(workspaceId), 0);
    assert.equal((await read(workspaceId)).length, 1, 'that one came is still told');
    assert.equal(await eraseRead(inbound.database.db), 0);
  });

  test('a second reading does not lengthen the grace', async () => {
    const { workspaceId, part } = await inbound.tenant();
    await sink().receive([part('medlar')]);
    await read(workspaceId);
    await inbound.advance(READ_GRACE_MS / 2);
    await read(workspaceId);
    await inbound.advance(READ_GRACE_MS / 2);
    assert.deepEqual(await texts(workspaceId), [null]);
  });

  test('only what a page gave out is read by it', async () => {
    const { workspaceId, part } = await inbound.tenant();
    for (const text of ['a', 'b', 'c']) await sink().receive([part(text)]);
    assert.equal((await read(workspaceId, { limit: 3, given: 2 })).length, 3);
    await inbound.advance(READ_GRACE_MS);
    await eraseRead(inbound.database.db);
    assert.deepEqual(await texts(workspaceId), [null, null, 'a']);
  });

  test('a text got by its id is read by it, and no other one is', async () => {
    const { workspaceId, part, list } = await inbound.tenant();
    for (const text of ['a', 'b']) await sink().receive([part(text)]);
    const [b] = await list();
    assert.deepEqual(await texts(workspaceId, { only: b!.id, limit: 1 }), ['b']);
    await inbound.advance(READ_GRACE_MS);
    assert.deepEqual(await texts(workspaceId), [null, 'a']);
  });

  test('the reading of one workspace ends nothing of another', async () => {
    const [mine, other] = [await inbound.tenant(), await inbound.tenant()];
    await sink().receive([mine.part('mine'), other.part('other')]);
    await read(mine.workspaceId);
    await inbound.advance(READ_GRACE_MS);
    await eraseRead(inbound.database.db);
    assert.deepEqual(await texts(other.workspaceId), ['other']);
  });

  test('a text nobody reads ends at the ceiling', async () => {
    const { workspaceId, part } = await inbound.tenant();
    await sink().receive([part('medlar')]);
    await inbound.advance(MODE.kind === 'until_read' ? MODE.ceilingMs - 1_000 : 0);
    await eraseRead(inbound.database.db);
    assert.equal(await kept(workspaceId), 1);
    await inbound.advance(1_000);
    assert.deepEqual(await texts(workspaceId), [null]);
    await eraseRead(inbound.database.db);
    assert.equal(await kept(workspaceId), 0);
  });

  test('the parts of a long text end with it, and waiting parts wait no longer than texts are kept', async () => {
    const { workspaceId, long } = await inbound.tenant();
    await sink().receive(long(['quince ', 'jelly'], 1));
    const parts = () =>
      inbound.count(
        'numbers.inbound_part p join numbers.inbound_set s on s.id = p.set_id',
        's.workspace_id = $1',
        [workspaceId],
      );
    assert.equal(await parts(), 2);
    assert.deepEqual(await texts(workspaceId), ['quince jelly']);
    await inbound.advance(READ_GRACE_MS);
    await eraseRead(inbound.database.db);
    assert.equal(await parts(), 0);
    await sink().receive(long(['never ', 'whole'], 2).slice(0, 1));
    await inbound.advance(6 * HOUR_MS);
    await sweepInbound(inbound.database.db, inbound.keyring, 256, MODE);
    await eraseRead(inbound.database.db);
    assert.equal(await kept(workspaceId), 0);
  });

  test('a text that was stored under another mode gets its end when it is read under this one', async () => {
    const { workspaceId, part } = await inbound.tenant();
    await inbound.sink.receive([part('kept by the day')]);
    await inbound.advance(7 * HOUR_MS);
    assert.deepEqual(await texts(workspaceId), ['kept by the day']);
    await inbound.advance(READ_GRACE_MS);
    await eraseRead(inbound.database.db);
    assert.equal(await kept(workspaceId), 0);
  });
});
