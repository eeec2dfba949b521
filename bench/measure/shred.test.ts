import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type DestructionTimes, summarise } from './shred.ts';

const singles = { store: [0.4, 0.6], recorded: [1, 1], bare: [0.3, 0.3] };
const workspaces = (time: (keys: number, rows: number) => number): DestructionTimes['workspaces'] =>
  [1, 2].flatMap(() =>
    [1, 10, 100].flatMap((keys) =>
      [10, 1_000].map((rows) => ({ keys, rows, ms: time(keys, rows), shredded: rows })),
    ),
  );

test('a time that grows with the keys alone gives a line, and rows a ratio of one', () => {
  const result = summarise({ singles, workspaces: workspaces((keys) => 2 + keys / 2) });
  assert.equal(result.store.meanMs, 0.5);
  assert.ok(Math.abs(result.byKeys.slope - 0.5) < 1e-9 && Math.abs(result.byKeys.intercept - 2) < 1e-9);
  assert.ok(result.byKeys.explained > 0.999);
  assert.deepEqual([result.rowsFewest, result.rowsMost], [10, 1_000]);
  assert.deepEqual(result.byRows, { value: 1, low: 1, high: 1 });
});

test('a time that grows with the rows is seen, by pairs of equally many keys', () => {
  const { byRows } = summarise({ singles, workspaces: workspaces((keys, rows) => keys * Math.log10(rows)) });
  assert.ok(Math.abs(byRows.value - 3) < 1e-9);
  assert.ok(byRows.low! > 2.9);
});
