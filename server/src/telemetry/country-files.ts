// The adapter for the two data files of the npm package `geoip-country` 5, which the operator fetches and renews
// (docs/privacy/telemetry.md says why they do not come with us). They are sorted ranges and nothing but countries:
//
//   geoip-country.dat    10 octets each: first and last address, 32 bits, big endian; two letters
//   geoip-country6.dat   18 octets each: first and last address, their upper 64 bits; two letters
//
// We read the files ourselves because the package reads variables of the environment and starts processes.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Refusal } from '#platform/errors';
import { readAddress } from '#platform/ip-address';
import type { CountryLookup } from './country.ts';

const FILES = [
  { name: 'geoip-country.dat', width: 4 },
  { name: 'geoip-country6.dat', width: 8 },
] as const;
const LETTERS = 2;
const MAPPED_PREFIX = 0xffffn;

/** Ranges of one file: each two numbers of `width` octets and two letters, in ascending order. */
interface Ranges {
  readonly bytes: Buffer;
  readonly width: 4 | 8;
}

/**
 * Opens the files in a folder and keeps them in memory, about 8 MB. Throws a Refusal when one is missing or is no such
 * file. A look-up is a binary search and allocates no more than its answer.
 */
export function openCountryFiles(folder: string): CountryLookup {
  const [v4, v6] = FILES.map(({ name, width }) => readRanges(join(folder, name), width)) as [Ranges, Ranges];
  return {
    countryOf(text) {
      const address = readAddress(text);
      if (address === null) return null;
      return address >> 32n === MAPPED_PREFIX ? find(v4, address & 0xffffffffn) : find(v6, address >> 64n);
    },
  };
}

function readRanges(file: string, width: 4 | 8): Ranges {
  let bytes: Buffer;
  try {
    bytes = readFileSync(file);
  } catch (cause) {
    throw refusal('cannot be read', cause);
  }
  const size = 2 * width + LETTERS;
  const letters = bytes.toString('latin1', 2 * width, size);
  if (bytes.length < size || bytes.length % size !== 0 || !/^[A-Z]{2}$/.test(letters))
    throw refusal('is not one of its data files');
  return { bytes, width };
}

const refusal = (what: string, cause?: unknown) =>
  new Refusal(
    `SOTTO_COUNTRY_DATABASE names a folder in which a data file of geoip-country ${what}.`,
    [
      'fetch the package and name its folder "data": docs/privacy/telemetry.md shows how',
      'unset SOTTO_COUNTRY_DATABASE; then no address is resolved to a country',
    ],
    cause,
  );

function find({ bytes, width }: Ranges, wanted: bigint): string | null {
  const size = 2 * width + LETTERS;
  const read = (at: number) => (width === 4 ? BigInt(bytes.readUInt32BE(at)) : bytes.readBigUInt64BE(at));
  let low = 0;
  let high = bytes.length / size;
  // The first range that begins after the address; the one before it is the only candidate.
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (read(middle * size) <= wanted) low = middle + 1;
    else high = middle;
  }
  const at = (low - 1) * size;
  if (low === 0 || read(at + width) < wanted) return null;
  return bytes.toString('latin1', at + 2 * width, at + size);
}
