import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DEFAULT_SETTINGS } from '../settings/connector-settings.ts';
import { addressFromCarrier, destinationDigits, receiptDestination, sourceAddress } from './addresses.ts';

const source = (from: string | null) => sourceAddress(DEFAULT_SETTINGS, from);

test('each form of sender has its type of number', () => {
  assert.deepEqual(source('+491512345900'), { ton: 1, npi: 1, address: '491512345900' });
  assert.deepEqual(source('491512345900'), { ton: 1, npi: 1, address: '491512345900' });
  assert.deepEqual(source('12345'), { ton: 3, npi: 0, address: '12345' });
  assert.deepEqual(source('Example'), { ton: 5, npi: 0, address: 'Example' });
  assert.deepEqual(source(null), { ton: 0, npi: 0, address: '' });
});

test('types of number are the connector’s own', () => {
  const settings = { ...DEFAULT_SETTINGS, sourceShortCodeTon: 6, sourceShortCodeNpi: 1 };
  assert.deepEqual(sourceAddress(settings, '12345'), { ton: 6, npi: 1, address: '12345' });
});

test('a sender of more than eleven characters, or with characters outside ASCII, is no sender', () => {
  assert.equal(source('TwelveLetter'), null);
  assert.equal(source('Büro'), null);
  assert.equal(source('a\0b'), null);
  assert.equal(source('+4915'.padEnd(20, '1')), null);
  assert.equal(source('+49x'), null);
});

test('an @ in a sender stays an @: in GSM 03.38 it would end the string', () => {
  assert.deepEqual(source('me@example'), { ton: 5, npi: 0, address: 'me@example' });
});

test('destinations are digits without plus, at most fifteen', () => {
  assert.equal(destinationDigits('+491512345001'), '491512345001');
  assert.equal(destinationDigits('491512345001'), '491512345001');
  assert.equal(destinationDigits(''), null);
  assert.equal(destinationDigits('+'), null);
  assert.equal(destinationDigits('+49 151'), null);
  assert.equal(destinationDigits('+1234567890123456'), null);
});

test('addresses from the carrier become E.164 where they are international', () => {
  assert.equal(addressFromCarrier(1, '491512345001'), '+491512345001');
  assert.equal(addressFromCarrier(0, '491512345001'), '+491512345001');
  assert.equal(addressFromCarrier(2, '01512345001'), '01512345001');
  assert.equal(addressFromCarrier(0, '12345'), '12345');
  assert.equal(addressFromCarrier(5, 'Example'), 'Example');
  assert.equal(addressFromCarrier(1, ''), '');
});

test('a receipt names its number with plus, or none', () => {
  assert.equal(receiptDestination('491512345001'), '+491512345001');
  assert.equal(receiptDestination('+491512345001'), '+491512345001');
  assert.equal(receiptDestination(''), null);
  assert.equal(receiptDestination('Example'), null);
});
