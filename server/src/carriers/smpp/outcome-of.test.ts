import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RequestOutcome } from '@sotto/smpp';
import { outcomeOf, StatusTable } from './outcome-of.ts';

const plain = new StatusTable({ permanentStatuses: [], temporaryStatuses: [], throttlingStatuses: [] });
const response = (status: number) => ({ kind: 'response', status, messageId: 'id-1' }) as RequestOutcome;
const severity = (status: number, table = plain) => {
  const outcome = outcomeOf(response(status), table);
  return outcome.kind === 'refused' ? outcome.severity : outcome.kind;
};

test('status 0 accepts under the carrier’s id', () => {
  assert.deepEqual(outcomeOf(response(0), plain), { kind: 'accepted', carrierMessageId: 'id-1' });
});

test('refusals are permanent, temporary or throttled by their status', () => {
  for (const status of [0x0a, 0x0b, 0x45, 0x61, 0x62, 0x65, 0x66])
    assert.equal(severity(status), 'permanent');
  for (const status of [0x08, 0x64]) assert.equal(severity(status), 'temporary');
  for (const status of [0x58, 0x14]) assert.equal(severity(status), 'throttled');
});

test('a refusal carries the status and its name', () => {
  assert.deepEqual(outcomeOf(response(0x58), plain), {
    kind: 'refused',
    status: 0x58,
    errorCode: 'ESME_RTHROTTLED',
    severity: 'throttled',
  });
});

test('a private status is temporary until the connector says what it means', () => {
  assert.equal(severity(0x401), 'temporary');
  const table = new StatusTable({
    permanentStatuses: [0x401],
    temporaryStatuses: [0x45],
    throttlingStatuses: [0x402],
  });
  assert.equal(severity(0x401, table), 'permanent');
  assert.equal(severity(0x402, table), 'throttled');
  assert.equal(severity(0x45, table), 'temporary');
});

test('generic_nack is a refusal, also with a senseless status', () => {
  assert.equal(outcomeOf({ kind: 'nack', status: 0x03 }, plain).kind, 'refused');
  assert.deepEqual(outcomeOf({ kind: 'nack', status: 0 }, plain), {
    kind: 'refused',
    status: 0,
    errorCode: 'ESME_ROK',
    severity: 'temporary',
  });
});

test('no answer is unknown, unless nothing was written', () => {
  assert.deepEqual(outcomeOf({ kind: 'timeout' }, plain), { kind: 'unknown', reason: 'timeout' });
  assert.deepEqual(outcomeOf({ kind: 'lost', written: true }, plain), { kind: 'unknown', reason: 'lost' });
  assert.deepEqual(outcomeOf({ kind: 'lost', written: false }, plain), { kind: 'not_sent' });
});
