import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { decodeCursor, encodeCursor, pageAnswer, positionOf } from './cursor.ts';
import { AppError } from './errors.ts';

const refused = (error: unknown) => error instanceof AppError && error.code === 'invalid_cursor';

test('a cursor gives back the position it was made of', () => {
  fc.assert(fc.property(fc.uuid(), (id) => assert.equal(decodeCursor(encodeCursor(id)), id)));
});

test('a cursor passes the contract: letters, digits, hyphen and underscore alone', () => {
  fc.assert(fc.property(fc.uuid(), (id) => assert.match(encodeCursor(id), /^[A-Za-z0-9_-]{22}$/)));
});

test('text that no list gave out is refused as invalid_cursor', () => {
  const real = encodeCursor('0190b6d3-0000-7000-8000-000000000001');
  for (const text of [
    '',
    'x',
    real.slice(1),
    `${real}A`,
    `${real.slice(0, -1)}R`,
    `${real}==`,
    '../../etc/passwd',
  ]) {
    assert.throws(() => decodeCursor(text), refused, text);
  }
});

test('random text is either refused or the one spelling of a position', () => {
  fc.assert(
    fc.property(
      fc.oneof(fc.string(), fc.base64String(), fc.stringMatching(/^[A-Za-z0-9_-]{22}$/)),
      (text) => {
        let position: string;
        try {
          position = decodeCursor(text);
        } catch (error) {
          return refused(error);
        }
        return encodeCursor(position) === text;
      },
    ),
  );
});

test('a position that is no id of a row is a fault of ours', () => {
  assert.throws(() => encodeCursor("' or 1=1"), RangeError);
});

test('a list without a cursor begins at its beginning', () => {
  assert.equal(positionOf(undefined), null);
});

test('a page has a next cursor only when a row beyond it was found', () => {
  const ids = ['0190b6d3-0000-7000-8000-000000000003', '0190b6d3-0000-7000-8000-000000000002'];
  const page = (rows: readonly string[], limit: number) =>
    pageAnswer(
      rows,
      limit,
      (id) => id,
      (id) => id,
    );
  assert.deepEqual(page(ids, 2), { data: ids, next_cursor: null });
  assert.deepEqual(page(ids, 1), { data: [ids[0]], next_cursor: encodeCursor(ids[0]!) });
  assert.deepEqual(page([], 1), { data: [], next_cursor: null });
});
