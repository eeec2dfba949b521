// Names as PostgreSQL makes them (pg_walfile_name), for segments of 16 MB.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { walSegments } from './wal-segments.ts';

const MB = 1_048_576;

test('a stretch within one segment is that segment', () => {
  assert.deepEqual(walSegments(1, 16 * MB, { start: '0/2000028', stop: '0/2000158' }), [
    '000000010000000000000002',
  ]);
});

test('a stretch that ends where a segment does needs no further one', () => {
  assert.deepEqual(walSegments(1, 16 * MB, { start: '0/2000028', stop: '0/4000000' }), [
    '000000010000000000000002',
    '000000010000000000000003',
  ]);
});

test('segments count on into the next four gigabytes', () => {
  assert.deepEqual(walSegments(3, 16 * MB, { start: 'A/FF000028', stop: 'B/1000001' }), [
    '000000030000000A000000FF',
    '000000030000000B00000000',
    '000000030000000B00000001',
  ]);
});

test('segments of another size are counted by theirs', () => {
  assert.deepEqual(walSegments(1, MB, { start: '0/FFF00000', stop: '1/1' }), [
    '000000010000000000000FFF',
    '000000010000000100000000',
  ]);
});
