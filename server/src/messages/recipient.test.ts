import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { getCountries, getCountryCallingCode, isPossiblePhoneNumber } from 'libphonenumber-js/min';
import { isReachable } from './recipient.ts';

test('what the library takes for possible is reachable, whatever country and length', () => {
  const codes = [
    ...new Set(getCountries().map((country) => getCountryCallingCode(country))),
    '800',
    '881',
    '979',
    '999',
    '0',
  ];
  let possible = 0;
  fc.assert(
    fc.property(fc.constantFrom(...codes), fc.stringMatching(/^[0-9]{1,12}$/), (code, national) => {
      const number = `+${code}${national}`;
      if (!isPossiblePhoneNumber(number)) return;
      possible += 1;
      assert.ok(isReachable(number), number);
    }),
    { numRuns: 5_000 },
  );
  assert.ok(possible > 500, `only ${possible} of the numbers drawn were possible`);
});

test('a number of no country, too short or too long is not reachable', () => {
  for (const number of ['+999123456789', '+0123456789', '+491', '+49151', '+1415555', '+'])
    assert.equal(isReachable(number), false, number);
});

test('a trunk prefix left in loses nobody their message', () => {
  for (const number of ['+4407400123456', '+49015112345678', '+447400123456', '+4915112345678'])
    assert.equal(isReachable(number), isPossiblePhoneNumber(number), number);
});
