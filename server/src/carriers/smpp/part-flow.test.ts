// The flow under a clock that goes on while it works: between any two looks at the time a part may have become due.
import assert from 'node:assert/strict';
import { mock, test } from 'node:test';
import type { ClientSession } from '@sotto/smpp';
import fc from 'fast-check';
import { connectorCounters } from '../metrics.ts';
import { MessageIds } from '../receipts/message-ids.ts';
import { aPart, testSettings } from '../test/under-test.ts';
import type { BindSlot } from './bind-slot.ts';
import { PartFlow } from './part-flow.ts';

const settings = testSettings(1, { partsPerSecond: 50, windowSize: 100 });

/** A flow over a session that takes whatever it is given, and a clock that moves by a step at every look. */
function underTest(stepMs: () => number) {
  let nowMs = 0;
  let written = 0;
  const timers = {
    now() {
      nowMs += stepMs();
      return nowMs;
    },
    every: () => () => undefined,
  };
  const session = { windowFree: 100, submit: () => ++written } as unknown as ClientSession;
  const flow = new PartFlow({
    settings,
    ids: new MessageIds(settings.messageIds),
    timers,
    counters: connectorCounters('test'),
  });
  flow.over([{ transmit: session } as unknown as BindSlot]);
  return {
    flow,
    written: () => written,
    /** Lets the flow's own timers run, and nothing else. */
    async pass(ms: number) {
      nowMs += ms;
      mock.timers.tick(ms);
      await new Promise((next) => queueMicrotask(() => next(undefined)));
    },
  };
}

test('whatever waits for the rate is written without anybody asking again', async (t) => {
  mock.timers.enable({ apis: ['setTimeout'] });
  t.after(() => mock.timers.reset());
  await fc.assert(
    fc.asyncProperty(fc.infiniteStream(fc.nat({ max: 25 })), async (steps) => {
      const { flow, written, pass } = underTest(() => steps.next().value);
      flow.add(
        Array.from({ length: 25 }, () => aPart({ lane: 'marketing' })),
        () => undefined,
      );
      for (let passed = 0; passed < 60 && written() < 25; passed++) await pass(25);
      assert.equal(written(), 25);
      flow.end();
    }),
    { numRuns: 200 },
  );
});

test('whoever was told that there is no room is told when there is', async (t) => {
  mock.timers.enable({ apis: ['setTimeout'] });
  t.after(() => mock.timers.reset());
  await fc.assert(
    fc.asyncProperty(fc.infiniteStream(fc.nat({ max: 25 })), async (steps) => {
      const { flow, written, pass } = underTest(() => steps.next().value);
      let left = 25;
      const feed = () => {
        for (let room = 1; left > 0 && room > 0; left -= room) {
          room = Math.min(left, flow.capacity('marketing'));
          flow.add(
            Array.from({ length: room }, () => aPart({ lane: 'marketing' })),
            () => undefined,
          );
        }
      };
      flow.notice.listen(feed);
      feed();
      for (let passed = 0; passed < 60 && written() < 25; passed++) await pass(25);
      assert.equal(written(), 25);
      flow.end();
    }),
    { numRuns: 200 },
  );
});
