import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PartOutcome, PartToSubmit } from '../port.ts';
import { connectorContract, type Verdict } from '../test/connector-contract.ts';
import { aPart, outcomesOf } from '../test/under-test.ts';
import { LoopbackConnector, type LoopbackVerdict } from './loopback-connector.ts';

/** How long silence lasts: more than a test needs to look at a full window on a loaded machine. */
const SILENT_MS = 200;

const refused = (status: number, severity: 'permanent' | 'temporary' | 'throttled'): PartOutcome => ({
  kind: 'refused',
  status,
  errorCode: 'TEST',
  severity,
});

connectorContract('loopback', async ({ verdicts, window }) => {
  const connector: LoopbackConnector = new LoopbackConnector({
    window,
    script: (part: PartToSubmit) => play(verdicts[connector.written.length - 1] ?? 'accept', part),
  });
  function play(verdict: Verdict, part: PartToSubmit): LoopbackVerdict {
    switch (verdict) {
      case 'accept':
        return { kind: 'accepted', carrierMessageId: part.id };
      case 'permanent':
        return refused(0x0b, 'permanent');
      case 'temporary':
      case 'nack':
        return refused(0x08, 'temporary');
      case 'throttle':
        return refused(0x58, 'throttled');
      case 'lose_link':
        queueMicrotask(() => {
          connector.lose();
          connector.connect();
        });
        return 'silence';
      case 'silence':
        setTimeout(() => connector.answer({ kind: 'unknown', reason: 'timeout' }), SILENT_MS);
        return 'silence';
    }
  }
  return {
    connector,
    seen: () => connector.written.map(({ text }) => text),
    stop: async () => connector.lose(),
  };
});

test('a lost link makes what was written unknown and what waited not sent', async () => {
  const connector = new LoopbackConnector({ window: 2, reserve: 0, script: () => 'silence' });
  const outcomes = outcomesOf(connector, [aPart(), aPart(), aPart()]);
  await Promise.resolve();
  assert.equal(connector.written.length, 2);
  connector.lose();
  assert.deepEqual(await outcomes, [
    { kind: 'unknown', reason: 'lost' },
    { kind: 'unknown', reason: 'lost' },
    { kind: 'not_sent' },
  ]);
  assert.equal(connector.capacity('otp'), 0);
});
