import assert from 'node:assert/strict';
import { test } from 'node:test';
import { byteas, repeated, texts, uuids } from './binary-arrays.ts';
import { RowIds, uuidText } from './row-ids.ts';

test('arrays have the header of array_recv, a length before each element, and -1 for null', () => {
  const octets = texts(['ab', null]);
  // One dimension, with nulls, type text (25), two elements from 1; 2 octets; null.
  assert.equal(
    octets.toString('hex'),
    `${'00000001'}${'00000001'}${'00000019'}${'00000002'}${'00000001'}000000026162ffffffff`,
  );
});

test('numbers have the width of their type', () => {
  assert.equal(repeated.smallint(1, 1).subarray(20).toString('hex'), '000000020001');
  assert.equal(repeated.integer(-1, 1).subarray(20).toString('hex'), '00000004ffffffff');
  assert.equal(repeated.bigint(7_500n, 1).subarray(20).toString('hex'), '000000080000000000001d4c');
  assert.equal(repeated.boolean(true, 1).subarray(20).toString('hex'), '0000000101');
  assert.equal(
    byteas([Buffer.from([1])])
      .subarray(20)
      .toString('hex'),
    '0000000101',
  );
});

test('ids are UUIDv7, ascend, and repeat never', () => {
  const ids = new RowIds();
  const made = Array.from({ length: 20_000 }, () => ids.next());
  for (let at = 1; at < made.length; at++)
    assert.ok(Buffer.compare(made[at - 1]!, made[at]!) < 0, `id ${at}`);
  for (const id of made.slice(0, 100)) {
    assert.match(uuidText(id), /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  }
  assert.equal(uuids(made.slice(0, 2)).length, 20 + 2 * 20);
});
