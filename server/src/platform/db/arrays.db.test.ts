import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { useDatabase } from '../../../test/harness.ts';
import { newId } from '../ids.ts';
import { arrays, writeUuid } from './arrays.ts';
import { statement } from './statement.ts';

describe('platform: arrays', () => {
  const at = useDatabase({ connections: 2 });
  const RUNS = 60 * Number(process.env.SOTTO_SWEEP ?? 1);

  /** Sends an array and reads it back one element a row, in order. */
  function echo(type: string) {
    const made = statement<{ value: unknown }>(
      `test.echo_${type}`,
      'operations',
      `select u.value from unnest($1::${type}[]) with ordinality as u(value, place) order by u.place`,
    );
    return async (sent: Buffer) =>
      (await at.db.batch((tx) => tx.exec(made, [sent]))).map(({ value }) => value);
  }

  const kinds: readonly [string, fc.Arbitrary<unknown>, (values: never) => Buffer][] = [
    ['uuid', fc.uuid(), arrays.uuid as never],
    // PostgreSQL's text holds every character but NUL.
    ['text', fc.string({ unit: 'grapheme' }).map((text) => text.replaceAll('\0', '')), arrays.text as never],
    ['bytea', fc.uint8Array({ maxLength: 80 }).map((bytes) => Buffer.from(bytes)), arrays.bytea as never],
    ['bigint', fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), arrays.bigint as never],
    ['integer', fc.integer(), arrays.integer as never],
    ['smallint', fc.integer({ min: -32768, max: 32767 }), arrays.smallint as never],
    ['boolean', fc.boolean(), arrays.boolean as never],
    [
      'timestamptz',
      fc.date({ min: new Date('1900-01-01'), max: new Date('2999-12-31'), noInvalidDate: true }),
      arrays.timestamptz as never,
    ],
  ];

  for (const [type, element, encode] of kinds) {
    test(`arrays of ${type} come back as they were sent, nulls and empty ones too`, async () => {
      const read = echo(type);
      await fc.assert(
        fc.asyncProperty(fc.array(fc.option(element, { freq: 5 }), { maxLength: 12 }), async (values) => {
          assert.deepEqual(await read(encode(values as never)), values);
        }),
        { numRuns: RUNS, examples: [[[]], [[null]], [[null, null]]] },
      );
    });
  }

  test('an array of 10,000 uuids comes back whole', async () => {
    const ids = Array.from({ length: 10_000 }, newId);
    const count = statement<{ count: number }>(
      'test.count_distinct',
      'operations',
      'select count(distinct u)::integer as count from unnest($1::uuid[]) u',
    );
    assert.deepEqual(await at.db.batch((tx) => tx.exec(count, [arrays.uuid(ids)])), [{ count: 10_000 }]);
  });

  test('a UUID is written in upper and lower case alike', () => {
    const [lower, upper] = [Buffer.alloc(16), Buffer.alloc(16)];
    const id = newId();
    writeUuid(lower, id, 0);
    writeUuid(upper, id.toUpperCase(), 0);
    assert.equal(lower.toString('hex'), id.replaceAll('-', ''));
    assert.deepEqual(upper, lower);
  });
});
