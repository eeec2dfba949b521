// Card numbers in what people write. No policy may allow holding one (`user.financial.credit_card`), and people type them
// into forms all the same: what has the form of one is found here, to be refused where it can be, and masked where not.

/** Digits of a card number (ISO/IEC 7812-1: at most 19; no network issues fewer than 13). */
const DIGITS_MIN = 13;
const DIGITS_MAX = 19;

/** Digits of any script, set apart by single spaces, dashes or dots; characters that nobody sees may stand anywhere. */
const RUN = /\p{Nd}(?:\p{Cf}*(?:[ \u00a0\u202f.\-\u2010-\u2015]\p{Cf}*)?\p{Nd})*/gu;
const GROUP = /\p{Nd}(?:\p{Cf}*\p{Nd})*/gu;
/** Between these a number is part of something else. */
const WORD_BEFORE = /[\p{L}+]$/u;
const WORD_AFTER = /^\p{L}/u;

/** Networks whose cards are issued, by how their numbers begin, and of how many digits they are. */
const NETWORKS: readonly { readonly begins: RegExp; readonly lengths: readonly number[] }[] = [
  { begins: /^4/, lengths: [13, 16, 19] },
  { begins: /^(?:5[1-5]|2(?:22[1-9]|2[3-9]|[3-6]|7[01]|720))/, lengths: [16] },
  { begins: /^3[47]/, lengths: [15] },
  { begins: /^(?:36|38|39|30[0-5])/, lengths: [14, 16, 19] },
  { begins: /^(?:6011|64[4-9]|65)/, lengths: [16, 19] },
  { begins: /^35(?:2[89]|[3-8])/, lengths: [16, 17, 18, 19] },
  { begins: /^62/, lengths: [16, 17, 18, 19] },
  { begins: /^(?:50|5[6-9]|6[0-37-9])/, lengths: [13, 14, 15, 16, 17, 18, 19] },
];

/** Whether some part of a text has the form of a card number. */
export const holdsCardNumber = (text: string): boolean => spansOf(text).next().done === false;

/** The text with all but the last four digits of each card number left out. */
export function withoutCardNumbers(text: string): string {
  let written = '';
  let from = 0;
  for (const { start, end, digits } of spansOf(text)) {
    written += `${text.slice(from, start)}•••• ${digits.slice(-4)}`;
    from = end;
  }
  return written + text.slice(from);
}

interface Span {
  readonly start: number;
  readonly end: number;
  readonly digits: string;
}

/** Where card numbers stand, from left to right. In a row of groups any that stand together may be one. */
function* spansOf(text: string): Generator<Span> {
  for (const { 0: run, index } of text.matchAll(RUN)) {
    if (run.length < DIGITS_MIN) continue;
    const before = WORD_BEFORE.test(text.slice(Math.max(0, index - 2), index));
    const after = WORD_AFTER.test(text.slice(index + run.length, index + run.length + 2));
    const groups = [...run.matchAll(GROUP)].map(({ 0: group, index: at }) => ({
      start: index + at,
      end: index + at + group.length,
      digits: digitsOf(group),
    }));
    for (let first = before ? 1 : 0; first < groups.length; first += 1) {
      const found = cardFrom(groups, first, after ? groups.length - 1 : groups.length);
      if (found === null) continue;
      const { last, digits } = found;
      yield { start: groups[first]!.start, end: groups[last]!.end, digits };
      first = last;
    }
  }
}

/** The longest card number that begins with a group and ends before a bound, with its last group; null for none. */
function cardFrom(
  groups: readonly Span[],
  first: number,
  bound: number,
): { readonly last: number; readonly digits: string } | null {
  let found = null;
  let digits = '';
  let lengths: ReadonlySet<number> | undefined;
  for (let last = first; last < bound; last += 1) {
    digits += groups[last]!.digits;
    if (digits.length > DIGITS_MAX) break;
    if (digits.length < DIGITS_MIN) continue;
    lengths ??= lengthsOf(digits);
    if (lengths.size === 0) break;
    if (lengths.has(digits.length) && passesLuhn(digits)) found = { last, digits };
  }
  return found;
}

/** How many digits a card number that begins like this may have; none when no network issues such. */
const lengthsOf = (digits: string): ReadonlySet<number> =>
  new Set(NETWORKS.flatMap(({ begins, lengths }) => (begins.test(digits) ? lengths : [])));

/** ISO/IEC 7812-1 Annex B. */
function passesLuhn(digits: string): boolean {
  let sum = 0;
  for (let at = digits.length - 1, doubled = false; at >= 0; at -= 1, doubled = !doubled) {
    const digit = Number(digits[at]) * (doubled ? 2 : 1);
    sum += digit > 9 ? digit - 9 : digit;
  }
  return sum % 10 === 0;
}

/** Decimal digits as ASCII. Compatibility forms have their own; other scripts have their ten in a row, the zero first. */
const digitsOf = (run: string): string =>
  [...run.normalize('NFKC')]
    .filter((character) => /\p{Nd}/u.test(character))
    .map((character) => (character <= '9' ? character : String(placeInRow(character.codePointAt(0)!))))
    .join('');

/** How many digits stand before it in its row (Unicode 17, section 4.6: no two rows touch once compatibility forms are gone). */
function placeInRow(point: number): number {
  let place = 0;
  while (place < 9 && /\p{Nd}/u.test(String.fromCodePoint(point - place - 1))) place += 1;
  return place;
}
