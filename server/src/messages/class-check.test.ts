import assert from 'node:assert/strict';
import { test } from 'node:test';
import { showsMarketing } from './class-check.ts';

const offers = [
  '20% off everything this weekend',
  'Black Friday starts now at the shop',
  'Use promo code SPRING at the till',
  '15 % Rabatt auf alle Schuhe',
  'Profitez de 30% de réduction',
  'Tiene 10% de descuento',
  'Shop now and save',
];
const waysOut = [
  'Reply STOP to end',
  'To opt out, answer this message. Opt-out is free.',
  'Unsubscribe at example.com/u',
  'Zum Abmelden antworten Sie mit N',
  'STOP au 36111',
];
const notices = [
  'Your code is 123456. Do not share it.',
  '481920 is your login code. It expires in 10 minutes.',
  'Your parcel arrives today between 14:00 and 16:00.',
  'Your balance is 20% lower than last month.',
  'Ihre Bestellung 4711 wurde versandt.',
  'The shop closes at 8. Your order is ready.',
  'Disk usage is at 91% off-site.',
];

test('marketing may say anything', () => {
  for (const text of [...offers, ...waysOut]) assert.equal(showsMarketing(text, 'marketing'), false, text);
});

test('one sign of marketing is enough in a one-time code', () => {
  for (const text of [...offers, ...waysOut]) assert.equal(showsMarketing(text, 'otp'), true, text);
});

test('a transactional text needs both an offer and a way out to be refused', () => {
  for (const text of [...offers, ...waysOut])
    assert.equal(showsMarketing(text, 'transactional'), false, text);
  for (const offer of offers) {
    for (const wayOut of waysOut) {
      assert.equal(showsMarketing(`${offer}. ${wayOut}`, 'transactional'), true, `${offer}. ${wayOut}`);
    }
  }
});

test('codes, receipts and alarms are never taken for marketing', () => {
  for (const text of notices) {
    assert.equal(showsMarketing(text, 'otp'), false, text);
    assert.equal(showsMarketing(text, 'transactional'), false, text);
  }
});

test('the longest text is checked without a stall', () => {
  const started = performance.now();
  for (const text of ['1 '.repeat(800), '% '.repeat(800), 'stop to '.repeat(200), 'cancelar '.repeat(177)]) {
    assert.equal(showsMarketing(text, 'transactional'), false);
  }
  assert.ok(performance.now() - started < 1_000, 'four hostile texts take no second');
});
