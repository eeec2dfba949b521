import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inTurn } from './in-turn.ts';

test('a call begins after the one before has ended, whatever that took', async () => {
  const said: string[] = [];
  const gates = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  let calls = 0;
  const run = inTurn(async () => {
    const call = calls++;
    said.push(`begins ${call}`);
    await gates[call]?.promise;
    said.push(`ends ${call}`);
    return call;
  });
  const results = Promise.all([run(), run(), run()]);
  gates[1]!.resolve();
  await new Promise((next) => setImmediate(next));
  assert.deepEqual(said, ['begins 0']);
  gates[0]!.resolve();
  assert.deepEqual(await results, [0, 1, 2]);
  assert.deepEqual(said, ['begins 0', 'ends 0', 'begins 1', 'ends 1', 'begins 2', 'ends 2']);
});

test('a call that fails fails its caller, and the next one runs', async () => {
  let calls = 0;
  const run = inTurn(async () => {
    calls += 1;
    if (calls === 1) throw new Error('the first');
    return calls;
  });
  const first = run();
  const second = run();
  await assert.rejects(first, /the first/);
  assert.equal(await second, 2);
});
