// Folding for comparison: small letters without accents, ASCII digits. Unit for unit, so that positions in the folded
// text are positions in the text itself.

/** First code points of the decimal digit runs that texts in use contain (Unicode general category Nd). */
const DIGIT_ZEROS = [
  0x0660, 0x06f0, 0x07c0, 0x0966, 0x09e6, 0x0a66, 0x0ae6, 0x0b66, 0x0be6, 0x0c66, 0x0ce6, 0x0d66, 0x0de6,
  0x0e50, 0x0ed0, 0x0f20, 0x1040, 0x17e0, 0x1810,
];

/** Letters that lists and texts spell either way, besides accents: Polish, Turkish, Vietnamese, Arabic, Persian. */
const VARIANTS: ReadonlyMap<string, string> = new Map([
  ['ł', 'l'],
  ['đ', 'd'],
  ['ı', 'i'],
  ['ø', 'o'],
  ['ё', 'е'],
  ['أ', 'ا'],
  ['إ', 'ا'],
  ['آ', 'ا'],
  ['ٱ', 'ا'],
  ['ى', 'ي'],
  ['ی', 'ي'],
  ['ک', 'ك'],
  ['ة', 'ه'],
]);

/** Latin with all its extensions ends here; beyond, only fullwidth forms fold. */
const TABLE_END = 0x1f00;

let table: Uint16Array | undefined;

function buildTable(): Uint16Array {
  const folded = new Uint16Array(TABLE_END);
  for (let unit = 0; unit < TABLE_END; unit++) folded[unit] = foldSlowly(unit);
  for (const zero of DIGIT_ZEROS)
    for (let digit = 0; digit < 10; digit++) folded[zero + digit] = 0x30 + digit;
  return folded;
}

function foldSlowly(unit: number): number {
  const lower = String.fromCharCode(unit).toLowerCase();
  const variant = VARIANTS.get(lower);
  if (variant !== undefined) return variant.charCodeAt(0);
  const base = lower.normalize('NFD').charCodeAt(0);
  const isLatin = base >= 0x61 && base <= 0x7a;
  return isLatin || lower.length > 1 ? base : lower.charCodeAt(0);
}

/** One UTF-16 unit folded. */
export function foldUnit(unit: number): number {
  table ??= buildTable();
  if (unit < TABLE_END) return table[unit]!;
  if (unit >= 0xff10 && unit <= 0xff19) return unit - 0xfee0;
  if (unit >= 0xff21 && unit <= 0xff3a) return unit - 0xfee0 + 0x20;
  if (unit >= 0xff41 && unit <= 0xff5a) return unit - 0xfee0;
  return unit;
}

/** `text` folded; same length, same positions. Linear. */
export function fold(text: string): string {
  let folded = '';
  for (let i = 0; i < text.length; i++) folded += String.fromCharCode(foldUnit(text.charCodeAt(i)));
  return folded;
}

/** Whether a folded unit is an ASCII digit. */
export function isDigit(unit: number): boolean {
  return unit >= 0x30 && unit <= 0x39;
}

/** Whether a folded unit is an ASCII letter. */
export function isAsciiLetter(unit: number): boolean {
  return unit >= 0x61 && unit <= 0x7a;
}

/** Punctuation of non-Latin scripts inside the ranges that otherwise hold letters. */
const PUNCTUATION = new Set('×÷،؛؟٪٫٬٭۔।॥־׀׃׆׳״‐'.split('').map((character) => character.charCodeAt(0)));

/** Whether a folded unit belongs to a word: any letter or combining mark; digits do not. */
export function isLetter(unit: number): boolean {
  if (unit < 0xc0) return isAsciiLetter(unit);
  if (unit >= 0x2000 && unit < 0x2c00) return unit === 0x200c || unit === 0x200d;
  if (unit >= 0x3000 && unit <= 0x3020) return false;
  if (unit >= 0xfe10 && unit <= 0xfe6f) return false;
  if (unit >= 0xff00) return false;
  return !PUNCTUATION.has(unit);
}
