// Is this a number a message can go to? Numbering plans change faster than releases, so a plan's lengths are
// applied and its leading-digit rules are not: a false refusal loses somebody's code.
import { getCountries, getCountryCallingCode, isPossiblePhoneNumber, Metadata } from 'libphonenumber-js/min';

const CALLING_CODE_DIGITS_MAX = 3;
/** Lengths of national numbers by calling code, over all countries that share one. */
const LENGTHS = possibleLengths();

/**
 * True when its country code exists and has numbers of this length. `number` is E.164 with a plus. Nearly always the
 * table knows; where it does not (codes of no country, a trunk prefix left in) the library looks closer, in 5 µs.
 */
export function isReachable(number: string): boolean {
  for (let digits = 1; digits <= CALLING_CODE_DIGITS_MAX; digits++) {
    // No calling code begins another one, so the first that is known is the right one.
    const lengths = LENGTHS.get(number.slice(1, 1 + digits));
    if (lengths?.has(number.length - 1 - digits)) return true;
  }
  return isPossiblePhoneNumber(number);
}

function possibleLengths(): ReadonlyMap<string, ReadonlySet<number>> {
  const plans = new Metadata();
  const byCode = new Map<string, Set<number>>();
  for (const country of getCountries()) {
    plans.selectNumberingPlan(country);
    const code = getCountryCallingCode(country);
    const known = byCode.get(code) ?? new Set<number>();
    for (const length of plans.numberingPlan!.possibleLengths()) known.add(length);
    byCode.set(code, known);
  }
  return byCode;
}
