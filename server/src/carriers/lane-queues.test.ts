import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { LaneQueues, WaitingPart } from './lane-queues.ts';
import { LANES, type Lane } from './port.ts';
import { aPart } from './test/under-test.ts';

const waiting = (lane: Lane, id: string) => new WaitingPart(aPart({ lane, id }), () => undefined);

test('the best lane goes first and each lane keeps its order, over any sequence of adding and taking', () => {
  fc.assert(
    fc.property(
      fc.array(fc.oneof(fc.constantFrom(...LANES), fc.constant('take' as const)), { maxLength: 400 }),
      (steps) => {
        const queues = new LaneQueues();
        const model: Record<Lane, string[]> = { otp: [], transactional: [], marketing: [] };
        steps.forEach((step, at) => {
          if (step !== 'take') {
            queues.add(waiting(step, `${at}`));
            model[step].push(`${at}`);
            return;
          }
          const lane = LANES.find((one) => model[one].length > 0);
          assert.equal(queues.lane, lane);
          if (lane === undefined) return;
          assert.equal(queues.first(lane).part.id, model[lane].shift());
          queues.drop(lane);
        });
        for (const lane of LANES) assert.equal(queues.sizeOf(lane), model[lane].length);
        const rest = LANES.flatMap((lane) => model[lane]);
        assert.equal(queues.size, rest.length);
        assert.deepEqual(
          queues.takeAll().map(({ part }) => part.id),
          rest,
        );
        assert.equal(queues.size, 0);
      },
    ),
  );
});

test('taking from a long queue does not slow down with its length', () => {
  const queues = new LaneQueues();
  for (let at = 0; at < 200_000; at++) queues.add(waiting('marketing', 'x'));
  const startMs = performance.now();
  for (let at = 0; at < 200_000; at++) queues.drop('marketing');
  assert.ok(performance.now() - startMs < 5_000);
});
