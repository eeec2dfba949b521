import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createTurns, type GiveBack } from './turns.ts';

/** Lets everything that is due happen. */
const settle = () => new Promise<void>((done) => setImmediate(done));

test('turns come in the order asked, never more at once than allowed', async () => {
  const turns = createTurns({ runningMax: 2, waitingMax: 10 });
  const came: number[] = [];
  const held: GiveBack[] = [];
  for (let asked = 0; asked < 6; asked++) {
    void turns.take()?.then((giveBack) => {
      came.push(asked);
      held.push(giveBack);
    });
  }
  await settle();
  assert.deepEqual(came, [0, 1]);
  for (let given = 0; given < 6; given++) {
    held[given]!();
    await settle();
    assert.ok(turns.running <= 2);
  }
  assert.deepEqual(came, [0, 1, 2, 3, 4, 5]);
  assert.deepEqual([turns.running, turns.waiting], [0, 0]);
});

test('a full queue answers null at once, and has room again when somebody left it', async () => {
  const turns = createTurns({ runningMax: 1, waitingMax: 1 });
  const first = await turns.take()!;
  const leaving = new AbortController();
  const second = turns.take(leaving.signal)!;
  assert.equal(turns.take(), null);
  leaving.abort(new Error('gone'));
  await assert.rejects(second, /gone/);
  const third = turns.take();
  assert.notEqual(third, null);
  first();
  (await third!)();
  assert.equal(turns.running, 0);
});

test('whoever aborts before asking gets no turn, and aborting one that has come takes nothing away', async () => {
  const turns = createTurns({ runningMax: 1, waitingMax: 1 });
  await assert.rejects(turns.take(AbortSignal.abort(new Error('early')))!, /early/);
  const late = new AbortController();
  const giveBack = await turns.take(late.signal)!;
  late.abort();
  assert.equal(turns.running, 1);
  giveBack();
  giveBack();
  assert.equal(turns.running, 0);
});

test('whatever comes, goes and aborts, no turn is lost and none is held twice', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(fc.constantFrom('take', 'give', 'abort'), fc.nat(20)), { maxLength: 40 }),
      async (steps) => {
        const turns = createTurns({ runningMax: 3, waitingMax: 4 });
        const held: GiveBack[] = [];
        const asked: AbortController[] = [];
        for (const [what, which] of steps) {
          if (what === 'take') {
            const abort = new AbortController();
            asked.push(abort);
            turns.take(abort.signal)?.then(
              (giveBack) => held.push(giveBack),
              () => undefined,
            );
          } else if (what === 'give') held.splice(which % (held.length || 1), 1)[0]?.();
          else asked[which % (asked.length || 1)]?.abort();
          await settle();
          assert.equal(turns.running, held.length);
          assert.ok(turns.running <= 3 && turns.waiting <= 4);
          assert.ok(turns.waiting === 0 || turns.running === 3, 'nobody waits beside a free turn');
        }
      },
    ),
    { numRuns: 50 },
  );
});
