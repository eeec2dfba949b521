import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SendMessage } from '@sotto/contract/send-message';
import { isRefusal, type Prepared, prepare, type Submitter } from './preparation.ts';
import { Tariff } from './tariff.ts';
import { aRequest, PER_PART, priceOf, routeOf, tariffOver, textOfParts } from './test/arrange.ts';

const NOW = Date.parse('2026-11-21T12:00:00Z');
const DAY_MS = 86_400_000;
const LIVE: Submitter = { workspaceId: 'w', currency: 'EUR', test: false };
const TEST: Submitter = { ...LIVE, test: true };
const everywhere = tariffOver(['line'], { sender: 'Sotto' });

const attempt = (change: Partial<SendMessage>, submitter = LIVE, tariff = everywhere) =>
  prepare(aRequest(change), submitter, tariff, NOW, 0);

function accepted(change: Partial<SendMessage>, submitter = LIVE, tariff = everywhere): Prepared {
  const prepared = attempt(change, submitter, tariff);
  assert.ok(!isRefusal(prepared), isRefusal(prepared) ? prepared.code : '');
  return prepared;
}

function refused(change: Partial<SendMessage>, submitter = LIVE, tariff = everywhere): [string, string] {
  const refusal = attempt(change, submitter, tariff);
  assert.ok(isRefusal(refusal), 'it is refused');
  return [refusal.code, refusal.field];
}

test('a number that cannot exist is refused by its field', () => {
  for (const to of ['+1', '+49', '+999123456789', '+1202555012', '+12025550123456']) {
    assert.deepEqual(refused({ to }), ['invalid_number', 'to'], to);
  }
});

test('a number of a plan that is newer than the release passes: only lengths count', () => {
  assert.equal(accepted({ to: '+15005550000' }).to, '+15005550000');
});

test('a card number is refused in what is noted beside a message, and its text is handed on as it was written', () => {
  const card = '4111 1111 1111 1111';
  assert.deepEqual(refused({ reference: `paid ${card}` }), ['invalid_request', 'reference']);
  assert.deepEqual(refused({ metadata: { card } }), ['invalid_request', 'metadata']);
  assert.deepEqual(refused({ metadata: { [card.replaceAll(' ', '')]: 'x' } }), [
    'invalid_request',
    'metadata',
  ]);
  assert.equal(accepted({ text: `Card ${card}` }).text, `Card ${card}`);
});

test('a schedule more than a year ahead is refused, one in the past means at once', () => {
  const at = (ms: number) => new Date(NOW + ms).toISOString();
  assert.deepEqual(refused({ scheduled_at: at(366 * DAY_MS + 1000) }), ['invalid_schedule', 'scheduled_at']);
  assert.equal(accepted({ scheduled_at: at(366 * DAY_MS) }).scheduledAt?.getTime(), NOW + 366 * DAY_MS);
  assert.equal(accepted({ scheduled_at: at(-1) }).scheduledAt, null);
  assert.equal(accepted({ scheduled_at: at(0) }).scheduledAt, null);
  assert.equal(accepted({}).scheduledAt, null);
});

test('ten segments pass and are priced each, eleven are refused', () => {
  const ten = accepted({ text: textOfParts(10) });
  assert.equal(ten.segmentation.parts.length, 10);
  assert.equal(ten.costMicros, 10n * PER_PART);
  assert.deepEqual(refused({ text: textOfParts(11) }), ['text_too_long', 'text']);
  assert.deepEqual(refused({ text: 'ю'.repeat(671) }), ['text_too_long', 'text']);
  assert.equal(accepted({ text: 'ю'.repeat(670) }).segmentation.encoding, 'ucs2');
});

test('marketing under another label is refused by its class', () => {
  const text = '20% off everything. Reply STOP to end.';
  assert.deepEqual(refused({ text }), ['class_mismatch', 'class']);
  assert.deepEqual(refused({ text, class: 'otp' }), ['class_mismatch', 'class']);
  assert.equal(accepted({ text, class: 'marketing' }).class, 'marketing');
});

test('a destination without a route or a price is refused, and says which by its code', () => {
  assert.deepEqual(refused({}, LIVE, new Tariff(1n, [priceOf('')], [])), ['unreachable_destination', 'to']);
  assert.deepEqual(refused({}, LIVE, new Tariff(1n, [], [routeOf('')])), ['no_price', 'to']);
  assert.deepEqual(refused({}, { ...LIVE, currency: 'SAR' }), ['no_price', 'to']);
});

test('a test key needs neither route nor price, costs nothing, and is held to the same form', () => {
  const prepared = accepted({}, TEST, new Tariff(1n, [], []));
  assert.deepEqual([prepared.connectorId, prepared.costMicros, prepared.pricePerPartMicros], [null, 0n, 0n]);
  assert.deepEqual(refused({ to: '+999123456789' }, TEST), ['invalid_number', 'to']);
  assert.deepEqual(refused({ text: textOfParts(11) }, TEST), ['text_too_long', 'text']);
});

test('validity is the caller’s, or by class: a code is worthless after ten minutes', () => {
  assert.equal(accepted({ validity_seconds: 61 }).validitySeconds, 61);
  assert.equal(accepted({ class: 'otp' }).validitySeconds, 600);
  assert.equal(accepted({ class: 'transactional' }).validitySeconds, 259_200);
  assert.equal(accepted({ class: 'marketing' }).validitySeconds, 86_400);
});

test('reference and metadata are kept together, and nothing is kept where there are none', () => {
  assert.equal(accepted({}).annotations, null);
  const both = accepted({ reference: 'order 7', metadata: { shop: 'a' } }).annotations;
  assert.deepEqual(JSON.parse(both!), { reference: 'order 7', metadata: { shop: 'a' } });
});

test('the route’s sender stands beside the caller’s', () => {
  assert.deepEqual([accepted({}).from, accepted({}).routeSender], [null, 'Sotto']);
  assert.equal(accepted({ from: 'Shop' }).from, 'Shop');
});
