import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PreparedNames } from './prepared-names.ts';

test('a text gets a name when it comes a third time, and keeps it', () => {
  const names = new PreparedNames();
  const given = [1, 2, 3, 4].map(() => names.of('select 1'));
  assert.deepEqual(given, [undefined, undefined, 'built.1', 'built.1']);
});

test('a text that comes again gets its name however many came once before it', () => {
  const names = new PreparedNames();
  for (let at = 0; at < 5_000; at += 1) names.of(`select ${at}`);
  assert.deepEqual(
    [1, 2, 3].map(() => names.of('select now()')),
    [undefined, undefined, 'built.1'],
  );
});

test('there are never more than 500 names, and what has one keeps it', () => {
  const names = new PreparedNames();
  for (let at = 0; at < 1_000; at += 1) for (let time = 0; time < 3; time += 1) names.of(`select ${at}`);
  const given = Array.from({ length: 1_000 }, (_, at) => names.of(`select ${at}`));
  assert.equal(new Set(given.filter((name) => name !== undefined)).size, 500);
  assert.equal(given[0], 'built.1');
  assert.equal(given[999], undefined);
});
