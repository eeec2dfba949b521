// The Spanish national language tables (identifier 2), 3GPP TS 23.038 annex A.
// Eight rows of sixteen positions, each the Unicode code point in hexadecimal; `....` is a position that stands
// for nothing (and 1B, the escape).
// Annex A.3.2 is void: Spanish has no locking shift table.

/** Single shift table, 3GPP TS 23.038 §A.2.2. */
export const SPANISH_SINGLE: readonly string[] = [
  '.... .... .... .... .... .... .... .... .... 00E7 000C .... .... .... .... ....',
  '.... .... .... .... 005E .... .... .... .... .... .... .... .... .... .... ....',
  '.... .... .... .... .... .... .... .... 007B 007D .... .... .... .... .... 005C',
  '.... .... .... .... .... .... .... .... .... .... .... .... 005B 007E 005D ....',
  '007C 00C1 .... .... .... .... .... .... .... 00CD .... .... .... .... .... 00D3',
  '.... .... .... .... .... 00DA .... .... .... .... .... .... .... .... .... ....',
  '.... 00E1 .... .... .... 20AC .... .... .... 00ED .... .... .... .... .... 00F3',
  '.... .... .... .... .... 00FA .... .... .... .... .... .... .... .... .... ....',
];
