import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { Refusal } from '#platform/errors';
import { readAddress } from '#platform/ip-address';
import { createLocate, type Place } from './country.ts';
import { openCountryFiles } from './country-files.ts';

const folder = mkdtempSync(join(tmpdir(), 'sotto-countries-'));
after(() => rmSync(folder, { recursive: true }));

function ranges(width: 4 | 8, rows: readonly (readonly [string, string, string])[]): Buffer {
  const number = (text: string) =>
    width === 4 ? readAddress(text)! & 0xffffffffn : readAddress(text)! >> 64n;
  return Buffer.concat(
    rows.map(([first, last, country]) => {
      const row = Buffer.alloc(2 * width + 2);
      for (const [place, text] of [first, last].entries()) {
        if (width === 4) row.writeUInt32BE(Number(number(text)), place * 4);
        else row.writeBigUInt64BE(number(text), place * 8);
      }
      row.write(country, 2 * width, 'latin1');
      return row;
    }),
  );
}

writeFileSync(
  join(folder, 'geoip-country.dat'),
  ranges(4, [
    ['192.0.2.0', '192.0.2.127', 'DE'],
    ['192.0.2.128', '192.0.2.200', 'FR'],
    ['203.0.113.0', '203.0.113.255', 'SA'],
  ]),
);
writeFileSync(
  join(folder, 'geoip-country6.dat'),
  ranges(8, [
    ['2001:db8::', '2001:db8:0:ff::', 'NL'],
    ['2001:db8:8000::', '2001:db8:8000::', 'IE'],
  ]),
);

test('an address is in the country whose range it lies in, at both ends and in both families', () => {
  const lookup = openCountryFiles(folder);
  const cases: readonly (readonly [string, string | null])[] = [
    ['192.0.2.0', 'DE'],
    ['192.0.2.127', 'DE'],
    ['192.0.2.128', 'FR'],
    ['192.0.2.200', 'FR'],
    ['192.0.2.201', null],
    ['192.0.1.255', null],
    ['203.0.113.255', 'SA'],
    ['203.0.114.0', null],
    ['::ffff:192.0.2.5', 'DE'],
    ['2001:db8::1', 'NL'],
    ['2001:db8:0:ff::ffff', 'NL'],
    ['2001:db8:0:100::', null],
    ['2001:db8:8000::1', 'IE'],
    ['::1', null],
    ['no address', null],
    ['192.0.2.1, 203.0.113.1', null],
  ];
  for (const [address, country] of cases) assert.equal(lookup.countryOf(address), country, address);
});

test('the country is found only for a purpose the policy lists it for, and nothing finer is answered', () => {
  let asked = 0;
  const lookup = {
    countryOf: () => {
      asked += 1;
      return 'DE';
    },
  };
  const locate = createLocate(lookup, {
    allows: (category, purpose) => category === 'user.location.imprecise' && purpose === 'fraud',
  });
  assert.deepEqual(locate('192.0.2.1', 'fraud'), { country: 'DE' });
  assert.equal(locate('192.0.2.1', 'improve'), null);
  assert.equal(asked, 1, 'where it is not allowed, nobody is asked');
  assert.equal(createLocate(null, { allows: () => true })('192.0.2.1', 'fraud'), null);
  const odd = createLocate({ countryOf: () => 'Berlin' }, { allows: () => true });
  assert.equal(odd('192.0.2.1', 'fraud'), null, 'what is no country is not passed on');
  // The compiler holds the type to one field: a second one would make this line fail.
  const onlyCountry: Exclude<keyof Place, 'country'> extends never ? true : false = true;
  assert.ok(onlyCountry);
});

test('a folder without the files, or with other ones, is refused with the ways out', () => {
  const isRefusal = (error: unknown) => error instanceof Refusal && error.waysOut.length === 2;
  assert.throws(() => openCountryFiles(join(folder, 'nowhere')), isRefusal);
  const other = mkdtempSync(join(tmpdir(), 'sotto-countries-'));
  writeFileSync(join(other, 'geoip-country.dat'), 'this is no such file');
  writeFileSync(join(other, 'geoip-country6.dat'), '');
  assert.throws(() => openCountryFiles(other), isRefusal);
  rmSync(other, { recursive: true });
});
