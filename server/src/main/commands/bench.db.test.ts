// The bench knows the tables by name and must not fall behind them: its bare workload and its check of the books run
// here on the migrated schema.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { runBareWorkload } from '@sotto/bench/limit/bare-workload';
import { judge, readBooks } from '@sotto/bench/measure/books.sql';
import { queuedParts } from '@sotto/bench/measure/queue.sql';
import { useDatabase } from '../../../test/harness.ts';

describe('main: bench', () => {
  const database = useDatabase();
  const PRICE_MICROS = 7_500n;

  test('the bare workload of the bench leaves every message delivered, captured once, and nothing queued', async () => {
    const result = await runBareWorkload({
      url: database.url,
      seconds: 0.2,
      warmUpMs: 0,
      batchRows: 20,
      lanes: 2,
    });
    assert.ok(result.messages >= 40, `each connection wrote a batch: ${result.messages}`);
    assert.equal(result.delivered, result.messages);
    const books = await readBooks(database.url);
    assert.equal(books.messages, result.messages);
    assert.equal(books.captured, result.messages);
    assert.deepEqual(judge(books, result.messages, PRICE_MICROS), { lost: 0, mischarged: 0 });
    assert.equal(await queuedParts(database.url), 0);
    const [events] = await database.sql<{ left: number }>(
      'select count(*)::integer as left from platform.outbox',
    );
    assert.equal(events!.left, 0);
  });

  test('the check of the books sees a message that was charged and not delivered', async () => {
    const before = await readBooks(database.url);
    await database.sql(
      `update messages.part
        set status = 'submitted', finished_at = null
      where message_id = (select max(message_id::text)::uuid from messages.part)`,
    );
    const verdict = judge(await readBooks(database.url), before.messages, PRICE_MICROS);
    assert.deepEqual(verdict, { lost: 1, mischarged: 1 });
  });
});
