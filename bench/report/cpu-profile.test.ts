import assert from 'node:assert/strict';
import { test } from 'node:test';
import { summariseProfile } from './cpu-profile.ts';

const frame = (id: number, functionName: string, url: string) => ({
  id,
  callFrame: { functionName, url, lineNumber: 9 },
});

test('self time is shared out by function and by part, idle time apart', () => {
  const summary = summariseProfile(
    {
      nodes: [
        frame(1, '(idle)', ''),
        frame(2, 'seal', 'file:///somewhere/server/src/privacy/sealing.ts'),
        frame(3, 'parse', 'file:///somewhere/node_modules/pg-protocol/dist/parser.js'),
        frame(4, '(garbage collector)', ''),
        frame(5, 'open', 'file:///somewhere/server/src/privacy/sealing.ts'),
      ],
      samples: [1, 2, 3, 4, 2, 5],
      timeDeltas: [500, 100, 100, 50, 100, 150],
    },
    3,
  );
  assert.equal(summary.busy, 0.5);
  assert.deepEqual(summary.parts, [
    { name: 'server/src/privacy', share: 0.7 },
    { name: 'pg-protocol', share: 0.2 },
    { name: '(garbage collector)', share: 0.1 },
  ]);
  assert.deepEqual(
    summary.functions.map(({ name }) => name),
    [
      'seal server/src/privacy/sealing.ts:10',
      'open server/src/privacy/sealing.ts:10',
      'parse pg-protocol/dist/parser.js:10',
    ],
  );
});

test('a profile without samples has nothing to say', () => {
  assert.deepEqual(summariseProfile({ nodes: [] }, 5), { busy: 0, parts: [], functions: [] });
});
