import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inboundModeOf, outboundModeOf, storedModeOf } from './content-modes.ts';

const DAY_MS = 86_400_000;
const kept = { store: 'P7D' } as const;

test('durations are kept by the day', () => {
  assert.deepEqual(inboundModeOf({ inbound: kept, outbound: kept }), { kind: 'by_day' });
  assert.deepEqual(outboundModeOf({ inbound: kept, outbound: kept }), { kind: 'by_day' });
});

test('a month of a ceiling counts as the shortest there is, so that nothing is kept longer than promised', () => {
  const modes = {
    inbound: { store: 'until_read', ceiling: 'P1M' },
    outbound: { store: 'until_final', ceiling: 'PT72H' },
  } as const;
  assert.deepEqual(inboundModeOf(modes), { kind: 'until_read', ceilingMs: 28 * DAY_MS });
  assert.deepEqual(outboundModeOf(modes), { kind: 'until_final', ceilingMs: 3 * DAY_MS });
});

test('what may not be stored inbound is nowhere; what must be stored to be sent ends with its message', () => {
  const modes = { inbound: { store: 'none' }, outbound: { store: 'none' } } as const;
  assert.deepEqual(inboundModeOf(modes), { kind: 'none' });
  assert.deepEqual(outboundModeOf(modes), { kind: 'until_final', ceilingMs: DAY_MS });
  assert.deepEqual(storedModeOf(inboundModeOf(modes)), { kind: 'by_day' });
});

test('a mode of the other direction, or one that waits without a ceiling, is refused', () => {
  assert.throws(
    () => inboundModeOf({ inbound: { store: 'until_final', ceiling: 'P1D' }, outbound: kept }),
    TypeError,
  );
  assert.throws(
    () => outboundModeOf({ inbound: kept, outbound: { store: 'until_read', ceiling: 'P1D' } }),
    TypeError,
  );
  assert.throws(() => inboundModeOf({ inbound: { store: 'until_read' }, outbound: kept }), TypeError);
  assert.throws(() => outboundModeOf({ inbound: kept, outbound: { store: 'until_final' } }), TypeError);
});
