import assert from 'node:assert/strict';
import { mock, test } from 'node:test';
import fc from 'fast-check';
import { DueQueue } from './due-queue.ts';

test('what is planned runs in the order of its time, and of planning where times are equal', (context) => {
  let nowMs = 0;
  mock.timers.enable({ apis: ['setTimeout'] });
  context.after(() => mock.reset());
  mock.method(performance, 'now', () => nowMs);
  const pass = (ms: number) => {
    nowMs += ms;
    mock.timers.tick(ms);
  };
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 20 }), { maxLength: 60 }), (delays) => {
      const due = new DueQueue();
      const ran: [number, number][] = [];
      delays.forEach((delay, index) => {
        due.after(delay, () => ran.push([delay, index]));
      });
      pass(10);
      assert.ok(ran.every(([delay]) => delay <= 10));
      assert.equal(ran.length, delays.filter((delay) => delay <= 10).length);
      pass(10);
      const expected = delays.map((delay, index) => [delay, index] as [number, number]);
      assert.deepEqual(
        ran,
        expected.sort((a, b) => a[0] - b[0] || a[1] - b[1]),
      );
      assert.equal(due.size, 0);
    }),
  );
});

test('without a delay it runs at once, and after the end never', () => {
  const due = new DueQueue();
  const ran: string[] = [];
  due.after(0, () => ran.push('now'));
  due.after(5, () => ran.push('planned before the end'));
  due.close();
  due.after(0, () => ran.push('after the end'));
  assert.deepEqual(ran, ['now']);
  assert.equal(due.size, 0);
});
