import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deliveryErrors } from '@sotto/contract/delivery-errors';
import { deliveryErrorOfPart } from './delivery-error.ts';

test('a refusal whose cause is certain is told, any other is the carrier’s', () => {
  assert.equal(deliveryErrorOfPart('rejected', 'ESME_RINVDSTADR'), 'unknown_subscriber');
  assert.equal(deliveryErrorOfPart('rejected', 'ESME_RINVSRCADR'), 'sender_refused');
  assert.equal(deliveryErrorOfPart('rejected', 'LOCAL_SENDER'), 'sender_refused');
  assert.equal(deliveryErrorOfPart('rejected', 'LOCAL_TEXT'), 'content_refused');
  assert.equal(deliveryErrorOfPart('rejected', 'ESME_RSUBMITFAIL'), 'carrier_refused');
  assert.equal(deliveryErrorOfPart('rejected', null), 'carrier_refused');
});

test('a receipt’s state is told whatever code the carrier adds, for those differ from carrier to carrier', () => {
  assert.equal(deliveryErrorOfPart('expired', '000'), 'validity_passed');
  assert.equal(deliveryErrorOfPart('undeliverable', '27'), 'absent_subscriber');
  assert.equal(deliveryErrorOfPart('unknown', 'lost'), 'outcome_unknown');
});

test('a code that is a name of Object.prototype is no cause', () => {
  for (const code of ['constructor', 'toString', '__proto__']) {
    assert.ok(deliveryErrorOfPart('rejected', code) in deliveryErrors, code);
  }
});
