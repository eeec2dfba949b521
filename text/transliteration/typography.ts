// Typographic characters outside GSM 03.38 that word processors put where the author typed something simpler. Their
// replacements keep the meaning.

const QUOTES: [string, string][] = [
  ['\u00ab', '"'], // «
  ['\u00bb', '"'], // »
  ['\u201c', '"'],
  ['\u201d', '"'],
  ['\u201e', '"'],
  ['\u201f', '"'],
  ['\u2033', '"'], // ″
  ['\u0060', "'"], // grave accent standing alone
  ['\u00b4', "'"], // acute accent standing alone
  ['\u02bc', "'"], // modifier letter apostrophe
  ['\u2018', "'"],
  ['\u2019', "'"],
  ['\u201a', "'"],
  ['\u201b', "'"],
  ['\u2032', "'"], // ′
  ['\u2039', "'"], // ‹
  ['\u203a', "'"], // ›
];

const DASHES: [string, string][] = [
  ['\u2010', '-'],
  ['\u2011', '-'],
  ['\u2012', '-'],
  ['\u2013', '-'],
  ['\u2014', '-'],
  ['\u2015', '-'],
  ['\u2212', '-'], // minus sign
];

const SPACES: [string, string][] = [
  ['\u0009', ' '],
  ['\u00a0', ' '],
  ['\u2000', ' '],
  ['\u2001', ' '],
  ['\u2002', ' '],
  ['\u2003', ' '],
  ['\u2004', ' '],
  ['\u2005', ' '],
  ['\u2006', ' '],
  ['\u2007', ' '],
  ['\u2008', ' '],
  ['\u2009', ' '],
  ['\u200a', ' '],
  ['\u202f', ' '],
  ['\u205f', ' '],
  ['\u3000', ' '],
  ['\u2028', '\n'],
  ['\u2029', '\n'],
];

/** Characters without width or sound. The joiners U+200C and U+200D are not here: they carry meaning. */
const INVISIBLE: [string, string][] = [
  ['\u00ad', ''],
  ['\u200b', ''],
  ['\u2060', ''],
  ['\ufeff', ''],
];

const SIGNS: [string, string][] = [
  ['\u2026', '...'],
  ['\u2022', '*'], // bullet
  ['\u00b7', '.'], // middle dot
  ['\u00d7', 'x'], // multiplication sign
  ['\u2044', '/'], // fraction slash
  ['\u00a6', '|'], // broken bar
  ['\u2264', '<='],
  ['\u2265', '>='],
  ['\u2116', 'No'], // numero sign
  ['\u2122', '(TM)'],
  ['\u00a9', '(C)'],
  ['\u00ae', '(R)'],
  ['\u00bc', '1/4'],
  ['\u00bd', '1/2'],
  ['\u00be', '3/4'],
];

/** Fullwidth forms of ASCII (U+FF01 to U+FF5E), as East Asian keyboards produce them. */
const FULLWIDTH: [string, string][] = Array.from({ length: 94 }, (_, index) => [
  String.fromCharCode(0xff01 + index),
  String.fromCharCode(0x21 + index),
]);

export const TYPOGRAPHY: ReadonlyMap<string, string> = new Map([
  ...QUOTES,
  ...DASHES,
  ...SPACES,
  ...INVISIBLE,
  ...SIGNS,
  ...FULLWIDTH,
]);
