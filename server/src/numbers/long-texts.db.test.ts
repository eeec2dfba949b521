import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { JobRunner } from '#platform/jobs';
import { numbersJobs } from './jobs.ts';
import { createInboundSink, type InboundPart, sweepInbound } from './numbers.ts';
import { useInbound } from './test/inbound-fixture.ts';

const DAY_MS = 86_400_000;

describe('long texts', () => {
  const inbound = useInbound();

  test('parts in any order, repeated, by several processes at once, make each text exactly once', async () => {
    const sinks = [
      inbound.sink,
      createInboundSink(inbound.database.db, inbound.keyring),
      createInboundSink(inbound.database.db, inbound.keyring),
    ];
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
        const { long, list } = await inbound.tenant();
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
    const { long } = await inbound.tenant();
    const [one, two, three] = long(['a', 'b', 'c'], 9) as [InboundPart, InboundPart, InboundPart];
    assert.deepEqual(await inbound.sink.receive([three]), ['waiting']);
    assert.deepEqual(await inbound.sink.receive([one, three, two]), ['waiting', 'duplicate', 'stored']);
    assert.deepEqual(await inbound.sink.receive([two]), ['duplicate']);
  });

  test('a repeat of a closed text is known for a quarter of an hour', async () => {
    const { long, texts } = await inbound.tenant();
    const parts = long(['one ', 'two'], 3);
    await inbound.sink.receive(parts);
    await inbound.advance(14 * 60_000);
    await sweepInbound(inbound.database.db, inbound.keyring);
    assert.deepEqual(await inbound.sink.receive(parts), ['duplicate', 'duplicate']);
    await inbound.advance(2 * 60_000);
    await sweepInbound(inbound.database.db, inbound.keyring);
    assert.deepEqual(await inbound.sink.receive(parts), ['waiting', 'stored']);
    assert.deepEqual(await texts(), ['one two', 'one two']);
  });

  test('an 8-bit reference that wraps keeps every text apart', async () => {
    const { long, texts } = await inbound.tenant();
    const sent = Array.from({ length: 300 }, (_, at) => [`${at}:first `, `${at}:second`]);
    for (let at = 0; at < sent.length; at += 100) {
      const parts = sent.slice(at, at + 100).flatMap((contents, more) => long(contents, (at + more) % 256));
      await inbound.sink.receive(parts);
    }
    const found = new Set([...(await texts()), ...(await texts())]);
    assert.equal(found.size, 200, 'a page has 200');
    assert.equal(await inbound.count('numbers.inbound_set', 'closed_at is null'), 0);
    assert.ok((await texts()).every((text) => /^(\d+):first \1:second$/.test(text!)));
  });

  test('parts that differ in sender, number, width, total or coding do not mix', async () => {
    const one = await inbound.tenant();
    const two = await inbound.tenant();
    const concat = { reference: 7, bits: 8, total: 2, sequence: 1 } as const;
    const second = { concat: { ...concat, sequence: 2 } };
    const outcomes = await inbound.sink.receive([
      one.part('a', { concat }),
      one.part('b', { ...second, from: '+4915123450002' }),
      two.part('c', second),
      one.part('d', { concat: { ...concat, bits: 16, sequence: 2 } }),
      one.part('e', { concat: { ...concat, total: 3, sequence: 2 } }),
      one.part('', { ...second, text: null, octets: Buffer.from('f') }),
    ]);
    assert.deepEqual(new Set(outcomes), new Set(['waiting']));
    assert.deepEqual(await inbound.sink.receive([one.part('z', second)]), ['stored']);
    assert.deepEqual(await one.texts(), ['az']);
  });

  test('after a day the text is given out as far as it came, and later parts do not join it', async () => {
    const { long, list } = await inbound.tenant();
    const [one, two, three] = long(['one', 'two', 'three'], 4) as [InboundPart, InboundPart, InboundPart];
    await inbound.sink.receive([one, three]);
    await inbound.advance(DAY_MS - 60_000);
    assert.equal((await sweepInbound(inbound.database.db, inbound.keyring)).closed, 0);
    await inbound.advance(60_000);
    await sweepInbound(inbound.database.db, inbound.keyring);
    const [text] = await list();
    assert.deepEqual([text?.text, text?.segments, text?.complete], ['one…three', 2, false]);
    assert.deepEqual(await inbound.sink.receive([one, two]), ['duplicate', 'waiting']);
    assert.equal((await list()).length, 1);
  });

  test('the recurring job gives out what is overdue and forgets what is closed', async () => {
    const { workspaceId, long, texts } = await inbound.tenant();
    await inbound.sink.receive(long(['one', 'two', 'three'], 4).slice(0, 2));
    const runner = new JobRunner({ db: inbound.database.db, jobs: numbersJobs(inbound.keyring) });
    await runner.ensureRecurring();
    await inbound.advance(DAY_MS + 60_000);
    assert.ok((await runner.runDue(3)).length > 0);
    assert.deepEqual(await texts(), ['onetwo…']);
    await inbound.advance(16 * 60_000);
    await runner.runDue(3);
    assert.equal(await inbound.count('numbers.inbound_set', 'workspace_id = $1', [workspaceId]), 0);
    assert.equal(
      await inbound.count(
        'numbers.inbound_part p',
        'not exists (select from numbers.inbound_set s where s.id = p.set_id)',
      ),
      0,
    );
  });

  test('the longest text there can be, of 255 parts, is put together', async () => {
    const { long, list } = await inbound.tenant();
    const contents = Array.from({ length: 255 }, (_, at) => `${at} `.padEnd(153, 'x'));
    const parts = long(contents, 77).reverse();
    const outcomes = await inbound.sink.receive(parts);
    assert.deepEqual(new Set(outcomes.slice(0, -1)), new Set(['waiting']));
    assert.equal(outcomes.at(-1), 'stored');
    const [text] = await list();
    assert.deepEqual([text?.text, text?.segments], [contents.join(''), 255]);
  });

  test('one sender holds at most 16 texts open; the oldest is given out, not lost', async () => {
    const { workspaceId, long, list } = await inbound.tenant();
    for (let reference = 0; reference < 18; reference++)
      await inbound.sink.receive(long([`${reference} begins`, 'never comes'], reference).slice(0, 1));
    assert.equal(
      await inbound.count('numbers.inbound_set', 'workspace_id = $1 and closed_at is null', [workspaceId]),
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
});
